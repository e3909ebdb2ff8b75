import { ThriftReadError } from '../errors.js';
import { TType } from '../protocol.js';

/** Type codes of the compact protocol, four bits each (`doc/specs/thrift-compact-protocol.md`, Struct encoding; List and Set). */
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

/** By code. As elements bools come as 1 or 2: the specification once said 2, the libraries wrote 1, so that both are valid. */
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

/** By type tag; what is no type is 0. Elements of type bool are written as 1, as all of Apache's libraries do. */
const CODES = Array.from({ length: 17 }, (_, tag) => Math.max(0, TYPE_TAGS.indexOf(tag as 0)));

/** The fewest bytes of an element by code; 0 where no element can have the code. */
const LEAST = [0, 1, 1, 1, 1, 1, 1, 8, 1, 1, 1, 1, 1, 16];

/** The code of a type tag (`TType`); 0 for a tag that no value has. */
export function compactType(tag: number): number {
  return CODES[tag] ?? 0;
}

/** The type tag (`TType`) of a code. Throws `ThriftReadError` for 14 and 15, which stand for nothing. */
export function compactTypeTag(code: number): number {
  const tag = TYPE_TAGS[code];
  if (tag === undefined) throw unknownCode(code);
  return tag;
}

/** The error for a code that no type has. */
export function unknownCode(code: number): ThriftReadError {
  return new ThriftReadError('type-mismatch', `a value of compact type ${code}, which Thrift does not have`);
}

/** The fewest bytes an element with a code takes; 0 for a code that no element can have. */
export function leastCompactBytes(code: number): number {
  return LEAST[code] ?? 0;
}
