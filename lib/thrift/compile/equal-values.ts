import { ThriftWriteError, within } from '../errors.js';
import { putI64 } from '../int64.js';

/**
 * Converts values that may be spelled in several ways to one spelling, so that equal elements of a
 * set, or equal keys of a map, are recognized before they are written.
 */
export interface Spelling {
  /** True if the values may have several spellings. */
  isMixed(values: Iterable<unknown>): boolean;
  /** @throws ThriftWriteError the value is not of the type */
  convert(value: unknown): unknown;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Spells an i64 as a bigint. Numbers alone, or bigints alone, stay as they are. */
export const i64Spelling: Spelling = {
  isMixed(values) {
    let first: string | undefined;
    for (const value of values) {
      const type = typeof value;
      if (first === undefined) first = type;
      if (type !== first || (type !== 'bigint' && type !== 'number')) return true;
    }
    return false;
  },
  convert(value) {
    putI64(scratch, 0, value);
    return scratch.getBigInt64(0);
  },
};

const UPPER_CASE = /[A-F]/;

/** Spells a UUID in lower case. */
export const uuidSpelling: Spelling = {
  isMixed(values) {
    for (const value of values) if (typeof value === 'string' && UPPER_CASE.test(value)) return true;
    return false;
  },
  convert: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
};

/** Returns the elements of a set in one spelling, each once. */
export function spelledSet(items: ReadonlySet<unknown>, spelling: Spelling): ReadonlySet<unknown> {
  if (!spelling.isMixed(items)) return items;
  const spelled = new Set();
  let i = 0;
  try {
    for (const item of items) {
      spelled.add(spelling.convert(item));
      i++;
    }
  } catch (error) {
    throw within(error, i);
  }
  return spelled;
}

/**
 * Returns the entries of a map with their keys in one spelling.
 *
 * @throws ThriftWriteError `duplicate-key`
 */
export function spelledMap(items: ReadonlyMap<unknown, unknown>, spelling: Spelling): ReadonlyMap<unknown, unknown> {
  if (!spelling.isMixed(items.keys())) return items;
  const pairs: [unknown, unknown][] = [];
  try {
    for (const [key, value] of items) pairs.push([spelling.convert(key), value]);
  } catch (error) {
    throw within(error, `[key ${pairs.length}]`);
  }
  return mapOfPairs(pairs);
}

/**
 * Creates a map.
 *
 * @throws ThriftWriteError `duplicate-key`
 */
export function mapOfPairs(pairs: readonly (readonly [unknown, unknown])[]): ReadonlyMap<unknown, unknown> {
  const map = new Map(pairs);
  if (map.size === pairs.length) return map;
  const places = new Map<unknown, number>();
  for (const [i, [key]] of pairs.entries()) {
    const known = places.get(key);
    if (known !== undefined) throw duplicateKey(i, known);
    places.set(key, i);
  }
  return map;
}

/** Creates the error for two equal keys of a map, of which a reader would keep one. */
function duplicateKey(at: number, before: number): unknown {
  return within(new ThriftWriteError('duplicate-key', `the same key as [key ${before}]`), `[key ${at}]`);
}

/** Recognizes equal values by their bytes: binaries, structs and containers. */
export class WrittenValues {
  /** True if a value was noted twice. */
  hasEqual = false;
  private readonly places = new Map<string, number>();
  private count = 0;

  /** Notes an element of a set that was written from one position to another. */
  note(bytes: Buffer, from: number, to: number): void {
    if (this.add(bytes, from, to) !== undefined) this.hasEqual = true;
  }

  /**
   * Notes a key of a map.
   *
   * @throws ThriftWriteError `duplicate-key`
   */
  noteKey(bytes: Buffer, from: number, to: number): void {
    const known = this.add(bytes, from, to);
    if (known !== undefined) throw new ThriftWriteError('duplicate-key', `the same key as [key ${known}]`);
  }

  /** Returns the bytes of the different values, in the order in which they were first written. */
  different(): Buffer[] {
    return [...this.places.keys()].map((text) => Buffer.from(text, 'latin1'));
  }

  /** Returns the place of an equal value. */
  private add(bytes: Buffer, from: number, to: number): number | undefined {
    const text = bytes.toString('latin1', from, to);
    const known = this.places.get(text);
    if (known === undefined) this.places.set(text, this.count);
    this.count += 1;
    return known;
  }
}

/** Creates a record of written values. Undefined for fewer than two values. */
export function writtenValues(size: number): WrittenValues | undefined {
  return size > 1 ? new WrittenValues() : undefined;
}
