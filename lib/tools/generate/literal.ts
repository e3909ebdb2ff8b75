import type { ConstValue } from '../../idl/schema.js';

/**
 * Writes a string literal with the quotes that need fewer escapes; single quotes if both need as
 * many.
 */
export function quote(value: string): string {
  const singles = value.split("'").length;
  const quotes = value.split('"').length;
  const mark = singles > quotes ? '"' : "'";
  const inner = JSON.stringify(value)
    .slice(1, -1)
    .replace(/\\(.)/g, (escape, char: string) => (char === '"' ? '"' : escape))
    .replaceAll(mark, `\\${mark}`)
    // Invisible and direction-changing characters would make the source differ from its look.
    .replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, escaped);
  return mark + inner + mark;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Writes an array. Arrays and objects in it get a line each. */
export function arrayText(items: readonly string[]): string {
  return items.some((item) => /^[[{]|^new /.test(item)) ? broken('[', items, ']') : `[${items.join(', ')}]`;
}

/** Writes a call of a constructor with an array: `new Set([1, 2])`. */
export function newText(constructor: string, items: readonly string[]): string {
  return `new ${constructor}(${items.length === 0 ? '' : arrayText(items)})`;
}

/** Writes a map, an entry a line. */
export function mapText<Key, Value>(
  constructor: string,
  map: ReadonlyMap<Key, Value>,
  keyText: (key: Key) => string,
  valueText: (value: Value) => string,
): string {
  return newText(
    constructor,
    [...map].map(([from, to]) => `[${keyText(from)}, ${valueText(to)}]`),
  );
}

/** Writes an object. Its properties get a line each if one of them has several lines. */
export function objectText(entries: readonly (readonly [name: string, value: string])[]): string {
  if (entries.length === 0) return '{}';
  const properties = entries.map(([name, value]) => (name === value ? name : `${key(name)}: ${value}`));
  const isLong = properties.some((property) => property.includes('\n'));
  return isLong ? broken('{', properties, '}') : `{ ${properties.join(', ')} }`;
}

/** Writes items on a line each. No string literal has a line break in its source. */
function broken(open: string, items: readonly string[], close: string): string {
  return [open, ...items.map((item) => `  ${item.replaceAll('\n', '\n  ')},`), close].join('\n');
}

/** Writes the name of a property. `__proto__` defines a property only if it is computed. */
function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name);
}

/** Returns the source that stands for a value, or undefined to write the value out. */
export type Replace = (value: unknown) => string | undefined;

/**
 * Writes plain data: primitives, bytes, arrays, sets, maps, and objects without undefined
 * properties.
 */
export function dataText(value: unknown, replace: Replace = () => undefined): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  return containerText(value, (item) => replace(item) ?? dataText(item, replace));
}

/**
 * Writes a constant of the IDL with types where the compiler needs them to check a large table: it
 * gives up on 1 024 objects of different shapes.
 *
 * @param type returns the name of the type `ConstValue`; called only if the text needs the name
 */
export function constDataText(value: ConstValue, type: () => string): string {
  const inner = (item: ConstValue): string => {
    const text = constDataText(item, type);
    return text.startsWith('{') ? `${text} as ${type()}` : text;
  };
  if (Array.isArray(value)) return arrayText((value as readonly ConstValue[]).map(inner));
  if (isSet(value)) return newText(`Set<${type()}>`, [...value].map(inner));
  if (isMap(value)) return mapText(`Map<${type()}, ${type()}>`, value, inner, inner);
  if (typeof value !== 'object' || value instanceof Uint8Array) return dataText(value);
  return objectText(Object.entries(value).map(([name, item]) => [name, constDataText(item, type)]));
}

function isSet(value: ConstValue): value is ReadonlySet<ConstValue> {
  return value instanceof Set;
}

function isMap(value: ConstValue): value is ReadonlyMap<ConstValue, ConstValue> {
  return value instanceof Map;
}

function containerText(value: object, inner: (item: unknown) => string): string {
  if (value instanceof Uint8Array) return `Buffer.from('${Buffer.from(value).toString('hex')}', 'hex')`;
  if (Array.isArray(value)) return arrayText(value.map(inner));
  if (value instanceof Set) return newText('Set', [...value].map(inner));
  if (value instanceof Map) return mapText('Map', value, inner, inner);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return objectText(entries.map(([name, item]) => [name, inner(item)]));
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}
