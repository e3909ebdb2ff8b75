import type { FieldSchema, Schema, StructSchema, ThriftType } from '../../../idl/schema.js';
import type { UntypedField, UntypedValue } from '../../../thrift/untyped/untyped-reader.js';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A value of the codec as JSON, so that `send` reads it back: i64 beyond what a double holds and numbers that JSON does not know as text,
 * binary in base64, enums by name, sets as arrays, maps as objects where their keys are no structures, else as arrays of pairs.
 */
export function toJson(value: unknown, type: ThriftType, schema: Schema): Json {
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

/** The fields of a struct or the arguments of a call that are set, in the order of the IDL. */
export function fieldsToJson(value: Readonly<Record<string, unknown>>, struct: StructSchema, schema: Schema): Json {
  const set = ({ name }: FieldSchema): boolean => value[name] !== undefined;
  return ownObject(struct.fields.filter(set).map(({ name, type }) => [name, toJson(value[name], type, schema)]));
}

/** Fields that were read without an IDL: ids, types, values. */
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
    case 'i64':
      return { type: 'i64', value: int64(value.value) };
    case 'double':
      return { type: 'double', value: double(value.value) };
    case 'binary':
      return { type: 'binary', value: value.value.toString('base64') };
    default:
      return { type: value.type, value: value.value };
  }
}

/** An element, whose type its container tells. */
function bare(value: UntypedValue): Json {
  const { type: _type, ...rest } = untypedValue(value);
  return 'value' in rest ? rest['value']! : rest;
}

function int64(value: bigint | number): Json {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** What JSON does not know, which includes -0, is text. */
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

/** Without a prototype: `__proto__` is a name like any other. */
function ownObject(entries: readonly (readonly [string, Json])[]): Json {
  const object = Object.create(null) as Record<string, Json>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
