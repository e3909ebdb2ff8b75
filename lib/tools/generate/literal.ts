/** A value as source. `text` is written as it is; `array` may stand in a call, `new Map([…])`. */
export type Literal =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'array'; readonly items: readonly Literal[]; readonly call?: string }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Literal])[]; readonly suffix?: string };

/** A literal of source text. */
export function text(source: string): Literal {
  return { kind: 'text', text: source };
}

/** A string literal with the quotes that need fewer escapes, single ones if that is equal. */
export function quote(value: string): string {
  const singles = value.split("'").length;
  const quotes = value.split('"').length;
  const mark = singles > quotes ? '"' : "'";
  const inner = JSON.stringify(value)
    .slice(1, -1)
    .replace(/\\(.)/g, (escape, char: string) => (char === '"' ? '"' : escape))
    .replaceAll(mark, `\\${mark}`)
    // Invisible and direction-changing characters would make the source say something else than it shows.
    .replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, escaped);
  return mark + inner + mark;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `name` or `'na-me'`; `__proto__` only defines a property when it is computed. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name);
}

/** On one line. */
export function flat(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return literal.text;
    case 'call':
      return `${literal.name}(${literal.args.join(', ')})`;
    case 'array': {
      const list = literal.items.map(flat).join(', ');
      if (literal.call === undefined) return `[${list}]`;
      return literal.items.length === 0 ? `${literal.call}()` : `${literal.call}([${list}])`;
    }
    case 'object': {
      const list = literal.entries.map(([name, value]) => entry(name, flat(value))).join(', ');
      return `${list === '' ? '{}' : `{ ${list} }`}${literal.suffix ?? ''}`;
    }
  }
}

/** A property, in short form where name and value are the same. */
export function entry(name: string, value: string): string {
  return name === value ? name : `${key(name)}: ${value}`;
}

/** Another literal for a value that is not to be written out. */
export type Replace = (value: unknown) => Literal | undefined;

/** Any plain data as a literal: primitives, bytes, arrays, sets, maps and objects without their undefined properties. */
export function dataLiteral(value: unknown, replace: Replace = () => undefined): Literal {
  const inner = (item: unknown): Literal => replace(item) ?? dataLiteral(item, replace);
  switch (typeof value) {
    case 'string':
      return text(quote(value));
    case 'number':
      return text(numberText(value));
    case 'bigint':
      return text(`${value}n`);
    case 'object':
      break;
    default:
      return text(String(value));
  }
  if (value instanceof Uint8Array) {
    return { kind: 'call', name: 'Buffer.from', args: [`'${Buffer.from(value).toString('hex')}'`, "'hex'"] };
  }
  if (Array.isArray(value)) return { kind: 'array', items: value.map(inner) };
  if (value instanceof Set) return { kind: 'array', call: 'new Set', items: [...value].map(inner) };
  if (value instanceof Map) {
    const items = [...value].map((pair: [unknown, unknown]): Literal => ({ kind: 'array', items: pair.map(inner) }));
    return { kind: 'array', call: 'new Map', items };
  }
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
  return { kind: 'object', entries: entries.map(([name, item]) => [name, inner(item)] as const) };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}

/** A doc comment of the IDL as lines of TypeScript; none for no comment. */
export function docLines(doc: string | undefined, indent = ''): string[] {
  if (doc === undefined) return [];
  // Neither may the text end the comment, nor may a line of it be a directive to the TypeScript compiler.
  const lines = doc
    .replaceAll('*/', '*\\/')
    .replace(/@(?=ts-)/g, '\\@')
    .split(/\r?\n|[\u2028\u2029]/);
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
