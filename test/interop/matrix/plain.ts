import type { FieldSchema, ThriftType } from 'nestjs-sqs-thrift/idl';
import { fieldsOf } from './contract.js';

/**
 * A value as JSON that every language can make of it: integers as decimal text, doubles as their bits in hex or `NaN`, binary as hex, sets
 * as arrays, maps as arrays of pairs, structs as objects of the fields that are there.
 */
export type Plain = boolean | string | readonly Plain[] | { readonly [field: string]: Plain };

/** Returns the value that replaces an absent field. Undefined without a replacement. */
type Absent = (field: FieldSchema) => unknown;

/** A value of the codec as {@link Plain}, in the order of {@link inOrder}. */
export function plain(type: ThriftType, value: unknown, absent: Absent = () => undefined): Plain {
  return inOrder(type, unordered(type, value, absent));
}

function unordered(type: ThriftType, value: unknown, absent: Absent): Plain {
  const of = (inner: ThriftType) => (item: unknown) => unordered(inner, item, absent);
  switch (type.kind) {
    case 'bool':
      return value as boolean;
    case 'double':
      return doubleBits(value as number);
    case 'binary':
      return (value as Buffer).toString('hex');
    case 'list':
    case 'set':
      return [...(value as Iterable<unknown>)].map(of(type.element));
    case 'map':
      return [...(value as Map<unknown, unknown>)].map(([key, item]) => [of(type.key)(key), of(type.value)(item)]);
    case 'struct':
      return unorderedFields(fieldsOf(type.id), value as Record<string, unknown>, absent);
    default:
      return String(value);
  }
}

function unorderedFields(fields: readonly FieldSchema[], values: Record<string, unknown>, absent: Absent): Plain {
  const found = fields.map((field) => [field, values[field.name] ?? absent(field)] as const);
  const present = found.filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([field, value]) => [field.name, unordered(field.type, value, absent)]));
}

function doubleBits(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/** The same value with sets and maps in the order of their texts, so that equal values have one text. What does not fit its type stays as it is. */
function inOrder(type: ThriftType, value: Plain): Plain {
  switch (type.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((item: Plain) => inOrder(type.element, item)) : value;
    case 'set':
      return Array.isArray(value) ? byText(value.map((item: Plain) => inOrder(type.element, item))) : value;
    case 'map':
      return isPairs(value)
        ? byText(value.map(([key, item]) => [inOrder(type.key, key), inOrder(type.value, item)]))
        : value;
    case 'struct':
      return isObject(value) ? inOrderFields(fieldsOf(type.id), value) : value;
    default:
      return value;
  }
}

/** The same of a struct's fields. Fields that are not declared come last. */
export function inOrderFields(fields: readonly FieldSchema[], values: Readonly<Record<string, Plain>>): Plain {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const names = [...types.keys()].filter((name) => values[name] !== undefined);
  const others = Object.keys(values).filter((name) => !types.has(name));
  return Object.fromEntries([
    ...names.map((name) => [name, inOrder(types.get(name)!, values[name]!)] as const),
    ...others.map((name) => [name, values[name]!] as const),
  ]);
}

function byText(items: readonly Plain[]): readonly Plain[] {
  const texts = items.map((item) => [JSON.stringify(item), item] as const);
  return texts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}

function isPairs(value: Plain): value is readonly (readonly [Plain, Plain])[] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);
}

export function isObject(value: Plain | undefined): value is { readonly [field: string]: Plain } {
  return typeof value === 'object' && !Array.isArray(value);
}
