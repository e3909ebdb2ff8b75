import type { FieldSchema, ThriftType } from '#lib/idl/schema.js';
import { fieldsOf } from './contract.js';

/**
 * A decoded value as JSON that any language can make of it: i64 as a decimal string, double as its bits in hex (or `NaN`), binary as
 * hex, set and map as arrays in the order of their JSON texts, struct as an object of the fields that came.
 */
function neutral(type: ThriftType, value: unknown): unknown {
  switch (type.kind) {
    case 'i64':
      return String(value);
    case 'double':
      return doubleBits(value as number);
    case 'binary':
      return (value as Buffer).toString('hex');
    case 'list':
      return (value as unknown[]).map((item) => neutral(type.element, item));
    case 'set':
      return inOrder([...(value as Set<unknown>)].map((item) => neutral(type.element, item)));
    case 'map':
      return inOrder(
        [...(value as Map<unknown, unknown>)].map(([key, item]) => [neutral(type.key, key), neutral(type.value, item)]),
      );
    case 'struct':
      return neutralFields(fieldsOf(type.id), value as Record<string, unknown>);
    default:
      return value;
  }
}

/** The same of a struct's fields, in the order of their ids. */
export function neutralFields(fields: readonly FieldSchema[], values: Record<string, unknown>): object {
  const present = fields.filter(({ name }) => values[name] !== undefined).sort((a, b) => a.id - b.id);
  return Object.fromEntries(present.map(({ name, type }) => [name, neutral(type, values[name])]));
}

function doubleBits(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

function inOrder(items: readonly unknown[]): unknown[] {
  const texts = items.map((item) => JSON.stringify(item));
  // By UTF-16 units on one side and code points on the other would differ, so by UTF-8.
  texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return texts.map((text) => JSON.parse(text) as unknown);
}
