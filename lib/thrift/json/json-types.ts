import { TType } from '../protocol.js';

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
