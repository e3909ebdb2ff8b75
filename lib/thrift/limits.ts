/** What one body may cost to read. All are checked before anything is allocated. */
export interface ReadLimits {
  /** How deep structs, lists, sets and maps may nest; the arguments of the call are level 1. Default 64, as in Apache; at most 512. */
  readonly depth: number;
  /**
   * How many values all messages of one body may hold together: every struct, list, set and map counts one, and so does every base-typed element,
   * key and value in them, skipped ones included. Base-typed fields of a struct are free up to 15; each 16 declared ones count one more.
   * n numeric keys of one map or set count n²/1024 more, each call of the body ten. Default 100 000.
   */
  readonly elements: number;
  /** The longest string or binary, in bytes. Default 16 MiB. Whatever it says, a size never exceeds the bytes at hand. */
  readonly stringBytes: number;
}

/** The limits that hold where nothing else is said. */
export const DEFAULT_READ_LIMITS: ReadLimits = Object.freeze({
  depth: 64,
  elements: 100_000,
  stringBytes: 16 * 1024 * 1024,
});

/** Deeper nesting could exhaust the engine's stack before the limit speaks. */
const DEEPEST = 512;
const LARGEST = 0x7fffffff;

/** Completes partial limits with the defaults. Throws a `TypeError` for anything that is not an integer from 1 to its maximum. */
export function resolveReadLimits(limits: Partial<ReadLimits> = {}): ReadLimits {
  const pick = (name: keyof ReadLimits, largest: number): number => {
    const value = limits[name] ?? DEFAULT_READ_LIMITS[name];
    if (!Number.isInteger(value) || value < 1 || value > largest) {
      throw new TypeError(`limits.${name} must be an integer from 1 to ${largest}`);
    }
    return value;
  };
  return Object.freeze({
    depth: pick('depth', DEEPEST),
    elements: pick('elements', LARGEST),
    stringBytes: pick('stringBytes', LARGEST),
  });
}
