import { TType } from '../protocol.js';

/** Defines the characters with a meaning in JSON (RFC 8259). */
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
/** Also matches `E` after its lower-case bit is set. */
export const EXPONENT = 0x65;

/**
 * True if a byte is white space between tokens: blank, tab, line feed, carriage return (RFC 8259
 * §2).
 */
export function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** True if a byte is a digit. Returns false for undefined, past the end. */
export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= NINE;
}

/**
 * Lists the positions within the innermost level. Each position determines the punctuation before
 * the next value or field, which TProtocol's methods leave to the protocol.
 */
export const JsonPosition = {
  /**
   * Nothing precedes the root or the value of a field. The field's own level handles the
   * punctuation.
   */
  PLAIN: 0,
  /** A comma precedes an element of a list or set. */
  ELEMENT: 1,
  /** Nothing precedes a map's first key. */
  FIRST_KEY: 2,
  /** A comma precedes any other key. */
  KEY: 3,
  /** A colon precedes the value of a key. */
  VALUE: 4,
  /**
   * Nothing precedes a struct's first field, and a comma precedes any other field. The values of
   * fields are plain.
   */
  FIRST_FIELD: 5,
  FIELD: 6,
} as const;

/** Maps type tags to their names in the JSON protocol (`TJSONProtocol.cpp`, `kTypeName…`). */
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

/**
 * Counts the fewest characters of a value. The default is one digit, for numbers. The shortest
 * containers are `["i8",0]` and `["i8","i8",0,{}]`.
 */
const LEAST: Partial<Record<number, number>> = {
  [TType.STRING]: 2,
  [TType.STRUCT]: 2,
  [TType.LIST]: 8,
  [TType.SET]: 8,
  [TType.MAP]: 16,
  [TType.UUID]: 38,
};

/** Returns the name of a type tag; undefined for a tag that no value can have. */
export function jsonTypeName(tag: number): string | undefined {
  return byTag.get(tag);
}

/**
 * Returns the tag of a name, whose two or three letters form one big-endian number; undefined for
 * an unknown name.
 */
export function jsonTypeTag(letters: number): number | undefined {
  return byLetters.get(letters);
}

/**
 * True if map keys of a type are quoted: all types that are numbers elsewhere. Structs and
 * containers stay unquoted, as in Apache's runtimes.
 */
export function isQuotedKey(tag: number): boolean {
  return tag < TType.STRING;
}

/** Returns the fewest bytes of an element by type, with the comma before the element. */
export function leastElement(tag: number): number {
  return 1 + (LEAST[tag] ?? 1);
}

function packed(name: string): number {
  return Buffer.from(name, 'latin1').readUIntBE(0, name.length);
}
