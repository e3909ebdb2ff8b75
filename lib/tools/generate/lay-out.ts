import { entry, flat, key, type Literal } from './literal.js';

/** Whether a literal is broken although it fits on its line. */
export type MustBreak = (literal: Literal) => boolean;

/** Where a literal is written. */
export interface LayoutContext {
  readonly indent: string;
  /** Columns taken on the line before the literal, and by what follows it directly. */
  readonly taken: number;
  readonly width: number;
  readonly mustBreak: MustBreak;
  /** Whether a pair that does not fit keeps its first half on the line: `['key', {`. Default false, as formatters have it. */
  readonly hugPairs?: boolean;
}

/** On one line where it fits, else broken after each item. */
export function layOut(literal: Literal, place: LayoutContext): string {
  if (literal.kind === 'text') return literal.text;
  const line = flat(literal);
  if (literal.kind === 'call') {
    if (place.taken + line.length <= place.width) return line;
    return [`${literal.name}(`, ...literal.args.map((arg) => `${place.indent}  ${arg},`), `${place.indent})`].join(
      '\n',
    );
  }
  const empty = (literal.kind === 'array' ? literal.items : literal.entries).length === 0;
  if (empty || (place.taken + line.length <= place.width && !anyMustBreak(literal, place.mustBreak))) return line;
  const indent = `${place.indent}  `;
  const inner = { ...place, indent };
  if (literal.kind === 'array') {
    const { call = '' } = literal;
    const [first, second, third] = literal.items;
    if (place.hugPairs && call === '' && first?.kind === 'text' && second && !third) {
      return `[${first.text}, ${layOut(second, { ...place, taken: place.taken + first.text.length + 4 })}]`;
    }
    const items = isNumbers(literal)
      ? filled(literal.items, indent, place.width)
      : literal.items.map((item) => `${indent}${layOut(item, { ...inner, taken: indent.length + 1 })},`);
    const [open, close] = call === '' ? ['[', ']'] : [`${call}([`, '])'];
    return [open, ...items, `${place.indent}${close}`].join('\n');
  }
  const entries = literal.entries.map(([name, value]) => entryLine(name, value, inner));
  return ['{', ...entries, `${place.indent}}${literal.suffix ?? ''}`].join('\n');
}

function entryLine(name: string, value: Literal, place: LayoutContext): string {
  const taken = place.indent.length + key(name).length + 3;
  const source = layOut(value, { ...place, taken });
  if (value.kind === 'text' && taken + source.length > place.width) {
    return `${place.indent}${key(name)}:\n${place.indent}  ${source},`;
  }
  return `${place.indent}${entry(name, source)},`;
}

function anyMustBreak(literal: Literal, mustBreak: MustBreak): boolean {
  if (literal.kind === 'text' || literal.kind === 'call') return false;
  const children = literal.kind === 'array' ? literal.items : literal.entries.map(([, value]) => value);
  return mustBreak(literal) || children.some((child) => anyMustBreak(child, mustBreak));
}

const NUMBER = /^-?[0-9.]+(e-?[0-9]+)?$/;

function isNumbers({ items }: Extract<Literal, { kind: 'array' }>): boolean {
  return items.length > 1 && items.every((item) => item.kind === 'text' && NUMBER.test(item.text));
}

/** Numbers fill their lines. */
function filled(items: readonly Literal[], indent: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const word = `${flat(item)},`;
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
