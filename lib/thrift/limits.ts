import { numberFault } from '../common/number-fault.js';
import { checkOptionNames, type OptionNames } from '../common/option-names.js';

/**
 * Limits the cost of reading one body. All limits are checked before allocation.
 *
 * @publicApi
 */
export interface ReadLimits {
  /**
   * Limits the nesting of structs, lists, sets and maps. The arguments of the call are level 1.
   * Default 64, as in Apache; at most 512.
   */
  readonly depth: number;
  /**
   * Limits the number of values in all messages of one body together, including skipped values.
   * Every struct, list, set and map counts one. Every base-typed element, key and value in a list,
   * set or map also counts one. Up to 15 base-typed fields of a struct are free; every 16 declared
   * fields count one more. n numeric keys of one map or set count n²/1024 more. Each call in the
   * body counts ten more. Default 100 000.
   */
  readonly elements: number;
  /**
   * Limits the length of a string or binary, in bytes. Default 16 MiB. A size can never exceed the
   * remaining bytes, regardless of this limit.
   */
  readonly stringBytes: number;
}

/** Provides the default limits. */
export const DEFAULT_READ_LIMITS: ReadLimits = Object.freeze({
  depth: 64,
  elements: 100_000,
  stringBytes: 16 * 1024 * 1024,
});

/** Prevents nesting that could overflow the engine's stack before the limit applies. */
const DEEPEST = 512;
const LARGEST = 0x7fffffff;

/**
 * Sets some of the limits.
 *
 * @publicApi
 */
export type ReadLimitOptions = { readonly [Name in keyof ReadLimits]?: ReadLimits[Name] | undefined };

const NAMES = { depth: true, elements: true, stringBytes: true } satisfies OptionNames<ReadLimitOptions>;

/**
 * Completes partial limits with the defaults. Throws a `TypeError` for an unknown name, and for any
 * value that is not an integer from 1 to its maximum.
 */
export function resolveReadLimits(limits: ReadLimitOptions = {}): ReadLimits {
  checkOptionNames('', limits, NAMES, 'limits');
  const pick = (name: keyof ReadLimits, largest: number): number => {
    const { [name]: value = DEFAULT_READ_LIMITS[name] } = limits;
    const fault = numberFault(`limits.${name}`, value, { min: 1, max: largest });
    if (fault !== undefined) throw new TypeError(fault);
    return value;
  };
  return Object.freeze({
    depth: pick('depth', DEEPEST),
    elements: pick('elements', LARGEST),
    stringBytes: pick('stringBytes', LARGEST),
  });
}
