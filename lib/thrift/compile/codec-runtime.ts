import { types } from 'node:util';
import { fieldOf } from '../../common/own-field.js';
import { mismatch } from '../type-names.js';
import { wrong } from '../checks.js';
import { compactTypeTag } from '../compact/compact-types.js';
import { putListHeader, putMapHeader, putVarint, putZigzag64 } from '../compact/varint.js';
import { ThriftReadError, ThriftWriteError, within } from '../errors.js';
import { putI64 } from '../int64.js';
import type { ThriftType } from '../../idl/schema.js';
import { NO_BYTES } from '../no-bytes.js';
import { isDefaultUnion, withMember, withOneMember } from './union-default.js';
import { fromObjectKey } from '../object-keys.js';
import {
  i64Spelling,
  mapOfPairs,
  type Spelling,
  spelledMap,
  spelledSet,
  uuidSpelling,
  writtenValues,
} from './equal-values.js';
import { checkFields, fieldsOf, writeFailure } from '../unknown-fields.js';

/**
 * Creates the error for bytes that end within a value. Decoders that keep the position in a local
 * use this function.
 */
function short(
  reader: { pos: number; truncated(needed: number): ThriftReadError },
  pos: number,
  needed: number,
): ThriftReadError {
  reader.pos = pos;
  return reader.truncated(needed);
}

/** Creates the error for a field that occurs twice. */
function duplicate(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'the field occurs twice');
}

/** Creates the error for a required field that is absent. */
function absent(type: string): ThriftReadError {
  return new ThriftReadError('missing-required', `the required field (${type}) is missing`);
}

/** Creates the error for a union with two members. */
function secondMember(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'a second member of a union');
}

/**
 * Creates the error for a union without a member, or with a member that only a newer IDL declares.
 */
function noMember(union: string): ThriftReadError {
  return new ThriftReadError('type-mismatch', `the union ${union} has no member that the IDL declares`);
}

/** Creates the bytes of a default. */
function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** Copies the bytes of a default, since the application may change what it gets. */
function copyOf(bytes: Buffer): Buffer {
  return bytes.length === 0 ? NO_BYTES : Buffer.from(bytes);
}

/** Lists the types whose values an object key can represent. */
const KEYS = new Set<ThriftType['kind']>(['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'uuid', 'enum']);
/** Limits the names listed in an error message. */
const NAMED = 8;

/**
 * True if a value may have fields. Collections are excluded, because their own properties could be
 * mistaken for fields. Dates, promises and the like are excluded, because a struct of them would
 * have no field at all.
 */
function isStruct(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    !(value instanceof Set) &&
    !ArrayBuffer.isView(value) &&
    (hasKeys(value) || !isOpaque(value))
  );
}

/** True if an object has a property that `for in` finds. Spares most objects a costlier look. */
function hasKeys(value: object): boolean {
  for (const key in value) return key !== undefined;
  return false;
}

/** Recognizes the objects of the language whose content is in no property, of any realm. */
const OPAQUE: readonly ((value: unknown) => boolean)[] = [
  types.isPromise,
  types.isDate,
  types.isMap,
  types.isSet,
  types.isWeakMap,
  types.isWeakSet,
  types.isRegExp,
  types.isAnyArrayBuffer,
  types.isBoxedPrimitive,
];

function isOpaque(value: object): boolean {
  return OPAQUE.some((isKind) => isKind(value));
}

/** Creates the error for a required field that is undefined or null. */
function missing(type: string): ThriftWriteError {
  return new ThriftWriteError('missing-required', `the required field (${type}) is missing`);
}

/** Creates the error for a union with no member or several members. */
function notOneMember(union: string, members: number): ThriftWriteError {
  return new ThriftWriteError('not-one-member', `the union ${union} needs exactly one member, got ${members}`);
}

/** Creates the error for a collection that a getter changed during writing. */
function changed(): ThriftWriteError {
  return new ThriftWriteError('wrong-type', 'the collection changed while it was written');
}

/** Holds the names of an enum for encoders. Spells each value as a number. */
interface EnumNames extends Spelling {
  readonly id: string;
  readonly values: ReadonlyMap<string, number>;
}

function enumOf(id: string, values: readonly (readonly [string, number])[]): EnumNames {
  const names: EnumNames = {
    id,
    values: new Map(values),
    isMixed(given) {
      for (const value of given) if (typeof value !== 'number') return true;
      return false;
    },
    convert: (value) => enumValue(names, value),
  };
  return names;
}

/**
 * Returns the number of an enum value: any i32, declared or not, or the number of a named member.
 */
function enumValue(names: EnumNames, value: unknown): number {
  if (typeof value === 'number' && value === (value | 0)) return value;
  if (typeof value !== 'string') throw wrong(`enum ${names.id} (an i32 or a member's name)`, value);
  const found = names.values.get(value);
  if (found !== undefined) return found;
  const listed = [...names.values.keys()].slice(0, NAMED).join(', ');
  const more = names.values.size > NAMED ? ', …' : '';
  throw new ThriftWriteError('wrong-type', `expected a member of enum ${names.id}: ${listed}${more}`);
}

/** Converts an array of elements to a set. */
function setOf(value: unknown): ReadonlySet<unknown> {
  if (Array.isArray(value)) return new Set<unknown>(value);
  if (types.isSet(value)) return value;
  throw wrong('set (a Set or an array)', value);
}

/**
 * Converts an array of pairs to a map, or a plain object whose keys are converted to the declared
 * type.
 */
function mapOf(value: unknown, key: ThriftType['kind']): ReadonlyMap<unknown, unknown> {
  if (types.isMap(value)) return value;
  if (Array.isArray(value)) return mapOfPairs(value.map(pair));
  // Headers, URLSearchParams and other iterables would be a map without entries.
  if (!isStruct(value) || Symbol.iterator in (value as object)) {
    throw wrong('map (a Map, an object or an array of pairs)', value);
  }
  return new Map(Object.entries(value as object).map(([text, item], i) => [convert(text, key, i), item]));
}

function pair(entry: unknown, i: number): readonly [unknown, unknown] {
  if (Array.isArray(entry) && entry.length === 2) return [entry[0], entry[1]];
  throw within(wrong('a pair (an array of key and value)', entry), i);
}

function convert(text: string, key: ThriftType['kind'], i: number): unknown {
  if (!KEYS.has(key)) throw new ThriftWriteError('wrong-type', `keys of type ${key} need a Map, got an object`);
  // `enumValue` later finds an enum member by its name. Only numeric keys need conversion here.
  const value = key === 'enum' ? (fromObjectKey(text, 'i32') ?? text) : fromObjectKey(text, key);
  if (value !== undefined) return value;
  throw within(
    new ThriftWriteError('wrong-type', `expected ${key}, got another string as an object's key`),
    `[key ${i}]`,
  );
}

/** Lists all functions that emitted source may call, under the names that the source uses. */
export const codecRuntime = Object.freeze({
  absent,
  bytesOf,
  changed,
  checkFields,
  compactTypeTag,
  copyOf,
  duplicate,
  enumOf,
  enumValue,
  fieldsOf,
  i64Spelling,
  isDefaultUnion,
  isStruct,
  mapOf,
  mismatch,
  missing,
  noMember,
  notOneMember,
  own: fieldOf,
  putI64,
  putListHeader,
  putMapHeader,
  putVarint,
  putZigzag64,
  secondMember,
  setOf,
  short,
  spelledMap,
  spelledSet,
  uuidSpelling,
  within,
  withMember,
  withOneMember,
  writeFailure,
  writtenValues,
  wrong,
});
