import { fieldOf } from '../../../common/own-field.js';
import type { FieldSchema, Schema, StructSchema, ThriftType } from '../../../idl/schema.js';
import type { UntypedField, UntypedValue } from '../../../thrift/untyped/untyped-reader.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Converts a value of the codec to JSON that `send` accepts.
 *
 * - An i64 that a double cannot hold becomes text, and so does a number that JSON cannot write.
 * - binary becomes base64, an enum its name, a set an array.
 * - A map becomes an object, or an array of pairs if its keys are structures.
 */
function toJson(value: unknown, type: ThriftType, schema: Schema): Json {
  switch (type.kind) {
    case 'i64':
      return int64(value as bigint | number);
    case 'double':
      return double(value as number);
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'enum':
      return enumName(value as number, type.id, schema);
    case 'list':
    case 'set':
      return [...(value as Iterable<unknown>)].map((item) => toJson(item, type.element, schema));
    case 'map':
      return mapToJson(value as ReadonlyMap<unknown, unknown>, type, schema);
    case 'struct':
      return fieldsToJson(value as Readonly<Record<string, unknown>>, schema.structs.get(type.id)!, schema);
    default:
      return value as Json;
  }
}

/** Converts the set fields of a struct, or the arguments of a call, in the order of the IDL. */
export function fieldsToJson(value: Readonly<Record<string, unknown>>, struct: StructSchema, schema: Schema): Json {
  const set = ({ name }: FieldSchema): boolean => fieldOf(value, name) !== undefined;
  return ownObject(
    struct.fields.filter(set).map(({ name, type }) => [name, toJson(fieldOf(value, name), type, schema)]),
  );
}

/** Converts fields that were read without an IDL to ids, types and values. */
export function untypedToJson(fields: readonly UntypedField[]): Json {
  return fields.map(({ id, value }) => ({ id, ...untypedValue(value) }));
}

function untypedValue(value: UntypedValue): { readonly type: string; readonly [name: string]: Json } {
  switch (value.type) {
    case 'struct':
      return { type: 'struct', fields: untypedToJson(value.fields) };
    case 'list':
    case 'set':
      return { type: value.type, of: value.element ?? null, items: value.items.map(bare) };
    case 'map': {
      const entries = value.entries.map(([key, item]) => [bare(key), bare(item)]);
      return { type: 'map', key: value.key ?? null, of: value.value ?? null, entries };
    }
    default:
      return { type: value.type, value: untypedScalar(value) };
  }
}

type UntypedScalar = Exclude<UntypedValue, { readonly type: 'struct' | 'list' | 'set' | 'map' }>;

function untypedScalar(scalar: UntypedScalar): Json {
  switch (scalar.type) {
    case 'i64':
      return int64(scalar.value);
    case 'double':
      return double(scalar.value);
    case 'binary':
      return scalar.value.toString('base64');
    default:
      return scalar.value;
  }
}

/** Converts an element without its type, because the container names the type. */
function bare(value: UntypedValue): Json {
  const { type: _type, ...rest } = untypedValue(value);
  return 'value' in rest ? rest['value']! : rest;
}

function int64(value: bigint | number): Json {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** Converts a number to JSON. -0 and numbers that JSON cannot write become text. */
function double(value: number): Json {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function enumName(value: number, id: string, schema: Schema): Json {
  for (const [name, number] of schema.enums.get(id)!.values) if (number === value) return name;
  return value;
}

function mapToJson(
  map: ReadonlyMap<unknown, unknown>,
  { key, value }: ThriftType & { readonly kind: 'map' },
  schema: Schema,
): Json {
  const entries = [...map].map(([k, v]) => [toJson(k, key, schema), toJson(v, value, schema)] as const);
  const named = entries.flatMap(([k, v]) => (typeof k === 'object' ? [] : [[String(k), v] as const]));
  return named.length === entries.length ? ownObject(named) : entries;
}

/** Creates an object without a prototype, because `__proto__` may be a name. */
function ownObject(entries: readonly (readonly [string, Json])[]): Json {
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Json;
}
