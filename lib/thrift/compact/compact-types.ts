import { ThriftReadError } from '../errors.js';
import { TType } from '../protocol.js';

/**
 * Lists the type codes of the compact protocol, four bits each
 * (`doc/specs/thrift-compact-protocol.md`, Struct encoding; List and Set).
 */
export const CompactType = {
  STOP: 0,
  TRUE: 1,
  FALSE: 2,
  I8: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
  UUID: 13,
} as const;

/**
 * Maps codes to type tags. The code of bool elements is 1 or 2: the specification once said 2, but
 * the libraries wrote 1, so both are valid.
 */
const TYPE_TAGS = [
  TType.STOP,
  TType.BOOL,
  TType.BOOL,
  TType.I08,
  TType.I16,
  TType.I32,
  TType.I64,
  TType.DOUBLE,
  TType.STRING,
  TType.LIST,
  TType.SET,
  TType.MAP,
  TType.STRUCT,
  TType.UUID,
] as const;

/**
 * Maps type tags to codes; 0 for a tag without a type. The code of bool elements is 1, as in all of
 * Apache's libraries.
 */
const CODES = Array.from({ length: 17 }, (_, tag) => Math.max(0, TYPE_TAGS.indexOf(tag as 0)));

/** Lists the fewest bytes of an element by code; 0 for a code that no element can have. */
const LEAST = [0, 1, 1, 1, 1, 1, 1, 8, 1, 1, 1, 1, 1, 16];

/** Returns the code of a type tag (`TType`); 0 for a tag that no value has. */
export function compactType(tag: number): number {
  return CODES[tag] ?? 0;
}

/**
 * Returns the type tag (`TType`) of a code. Throws `ThriftReadError` for the undefined codes 14 and
 * 15.
 */
export function compactTypeTag(code: number): number {
  const tag = TYPE_TAGS[code];
  if (tag === undefined) throw unknownCode(code);
  return tag;
}

/** Creates the error for a code that no type has. */
export function unknownCode(code: number): ThriftReadError {
  return new ThriftReadError('type-mismatch', `a value of compact type ${code}, which Thrift does not have`);
}

/** Returns the fewest bytes of an element by code; 0 for a code that no element can have. */
export function leastCompactBytes(code: number): number {
  return LEAST[code] ?? 0;
}
