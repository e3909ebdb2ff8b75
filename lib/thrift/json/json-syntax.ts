import { TType } from '../protocol.js';

/** The characters that JSON (RFC 8259) gives a meaning. */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

export const ZERO = 0x30;
export const NINE = 0x39;
export const MINUS = 0x2d;
export const PLUS = 0x2b;
export const POINT = 0x2e;
/** `e`, which `E` becomes by its lower-case bit. */
export const EXPONENT = 0x65;

/** Whether a byte is white space between tokens: blank, tab, line feed, carriage return (RFC 8259 §2). */
export function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Whether a byte is a digit; undefined, behind the end, is none. */
export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE;
}

/** What stands before the next value or field of the innermost level, which TProtocol's methods leave to the protocol. */
export const JsonPosition = {
  /** Nothing: the root, and the value of a field, which the field's own level has provided for. */
  PLAIN: 0,
  /** A comma, in a list or set. */
  ELEMENT: 1,
  /** Nothing, before a map's first key. */
  FIRST_KEY: 2,
  /** A comma, before any other key. */
  KEY: 3,
  /** A colon, before the value of a key. */
  VALUE: 4,
  /** Nothing before a struct's first field, a comma before any other; the values in them are plain. */
  FIRST_FIELD: 5,
  FIELD: 6,
} as const;

/** Type tags and the names that stand for them in the JSON protocol (`TJSONProtocol.cpp`, `kTypeName…`). */
const NAMES = [
  [TType.BOOL, 'tf'],
  [TType.I08, 'i8'],
  [TType.I16, 'i16'],
  [TType.I32, 'i32'],
  [TType.I64, 'i64'],
  [TType.DOUBLE, 'dbl'],
  [TType.STRING, 'str'],
  [TType.STRUCT, 'rec'],
  [TType.MAP, 'map'],
  [TType.SET, 'set'],
  [TType.LIST, 'lst'],
  [TType.UUID, 'uid'],
] as const;

const byTag = new Map<number, string>(NAMES);
const byLetters = new Map<number, number>(NAMES.map(([tag, name]) => [packed(name), tag]));

/** The fewest characters of a value: the default, a digit, is that of numbers. Containers are `["i8",0]` and `["i8","i8",0,{}]`. */
const LEAST: Partial<Record<number, number>> = {
  [TType.STRING]: 2,
  [TType.STRUCT]: 2,
  [TType.LIST]: 8,
  [TType.SET]: 8,
  [TType.MAP]: 16,
  [TType.UUID]: 38,
};

/** The name of a type tag; undefined for one that no value can have. */
export function jsonTypeName(tag: number): string | undefined {
  return byTag.get(tag);
}

/** The tag of a name, given its two or three letters as one big-endian number; undefined when there is none. */
export function jsonTypeTag(letters: number): number | undefined {
  return byLetters.get(letters);
}

/** Whether a key of a type is put in quotes: all that would be numbers elsewhere. Structs and containers stand as they are, as in Apache's. */
export function isQuotedKey(tag: number): boolean {
  return tag < TType.STRING;
}

/** The fewest bytes that a value of a type takes as an element, with the comma before it. */
export function leastElement(tag: number): number {
  return 1 + (LEAST[tag] ?? 1);
}

function packed(name: string): number {
  return Buffer.from(name, 'latin1').readUIntBE(0, name.length);
}
