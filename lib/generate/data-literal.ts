import { quote, text, type Literal } from './literal.js';

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
