import { numberFault } from '../common/number-fault.js';
import { checkOptionNames, type OptionNames } from '../common/option-names.js';

/**
 * Limits the cost of reading one body. All limits are checked before allocation. A body beyond a limit
 * is rejected with the reason `limit-exceeded`. The codecs of this library obey the same limits when they
 * write, so a reader with equal limits reads what they wrote. Code of the Apache compilers that writes
 * through TProtocol's methods passes neither declared fields nor defaults, so it counts less.
 *
 * @publicApi
 */
export interface ThriftLimits {
  /**
   * Limits the nesting of structs, as Apache's runtimes count it. The arguments of the call are level
   * 1. 1 to 512, default 64 as in Apache. Beside it at most 512 lists, sets and maps may be open.
   */
  readonly depth: number;
  /**
   * Limits what reading one body creates, counted in elements over all its calls, skipped values
   * included. 1 to 2 147 483 647, default 1 048 576: some tens of ms and of MB beside the bytes of the
   * body.
   * - A base-typed element, key or value counts 1. Base-typed fields are free, since the body holds
   *   bytes for each of them.
   * - A struct counts 1, and 2 more for every 5 fields that the IDL declares, present or not, rounded down;
   *   with more than 70 fields the square of their number, divided by 170. Each default of type double or i64
   *   counts 1 more. A skipped struct counts 1.
   * - A list counts 8 besides its elements, and an empty list 4. A set or map counts 16, skipped as much as a list.
   * - A default of a container, binary or struct counts what it creates where its field is absent.
   * - A member of a union counts its comparison with the default of the union, if another member precedes it.
   * - Numeric keys whose hashes collide count 1 for each comparison that they cause.
   * - Each call counts 10.
   */
  readonly elements: number;
  /**
   * Limits the length of a string or binary, in bytes. 1 to 2 147 483 647, default 16 MiB. A size can never exceed the
   * remaining bytes, regardless of this limit.
   */
  readonly stringBytes: number;
  /**
   * Limits the number of calls in one body. A body with more is rejected before any of them runs. 1 to
   * 2 147 483 647, default 10 000.
   */
  readonly calls: number;
}

/** Provides the default limits. */
export const DEFAULT_LIMITS: ThriftLimits = Object.freeze({
  depth: 64,
  elements: 1_048_576,
  stringBytes: 16 * 1024 * 1024,
  calls: 10_000,
});

/** Prevents nesting that could overflow the engine's stack before the limit applies. */
const DEEPEST = 512;
const LARGEST = 0x7fffffff;

/** The largest limits that can be set. */
export const LARGEST_LIMITS: ThriftLimits = Object.freeze({
  depth: DEEPEST,
  elements: LARGEST,
  stringBytes: LARGEST,
  calls: LARGEST,
});

/** Limits the lists, sets and maps that are open at once, also while values are skipped. */
export const OPEN_CONTAINERS = 512;

/** Elements that a call counts, for its handler. */
export const CALL_COST = 10;
/** Elements that an empty list counts. */
export const LIST_COST = 4;
/** Elements that any other list counts more besides its elements: V8 makes room for 17 of them, in 136 bytes. */
const ROOM_COST = 4;
/** Elements that a set or map counts besides its elements: even an empty table takes 160 to 200 bytes. */
export const TABLE_COST = 16;
/** Counts this many fields of a struct as one element: an absent field takes 8 bytes, and an element stands for 25. */
const FIELDS_OF_AN_ELEMENT = 2.5;
/** The same for the square of the fields: V8 optimizes the functions of wide structs ever less. */
const SQUARE_OF_AN_ELEMENT = 170;
/** Elements that a copy of a binary default counts besides its bytes. A Buffer takes as long as a large object. */
const BUFFER_COST = 16;
/** Counts this many bytes of a default as one element. */
const BYTES_OF_AN_ELEMENT = 24;
/** Elements that an entry of a default counts in a set or map, which is filled anew for each object. */
const TABLE_ENTRY_COST = 4;

/** Returns the elements that a struct counts besides its containers and structs. */
export function structCost(fields: number): number {
  const ofWide = Math.floor((fields * fields) / SQUARE_OF_AN_ELEMENT);
  return Math.max(1 + Math.floor(fields / FIELDS_OF_AN_ELEMENT), ofWide);
}

/** Returns the elements that a list counts besides its elements. */
export function listCost(size: number): number {
  return size === 0 ? LIST_COST : LIST_COST + ROOM_COST;
}

/** Returns the elements that a copy of a binary default counts. */
export function binaryDefaultCost(bytes: number): number {
  return BUFFER_COST + Math.ceil(bytes / BYTES_OF_AN_ELEMENT);
}

/** Returns the elements that a default set or map counts, without those of the values in it. */
export function tableDefaultCost(keysAndValues: number): number {
  return TABLE_COST + TABLE_ENTRY_COST * keysAndValues;
}

/** Describes a nesting of structs beyond the limit. */
export function tooDeep({ depth }: ThriftLimits): string {
  return `nested deeper than ${depth} structs (limits.depth)`;
}

/** Describes a nesting of containers beyond the limit. */
export const TOO_MANY_OPEN = `nested deeper than ${OPEN_CONTAINERS} lists, sets and maps`;

/**
 * Describes a charge beyond the limit.
 *
 * @param what names what was charged, for example `a list`
 * @param left elements that were left before the charge
 */
export function tooMany({ elements }: ThriftLimits, what: string, cost: number, left: number): string {
  return `${what} costs ${cost} elements, and ${left} of ${elements} are left for the body (limits.elements)`;
}

/** Describes a string or binary beyond the limit. */
export function tooLong({ stringBytes }: ThriftLimits): string {
  return `a string or binary longer than ${stringBytes} bytes (limits.stringBytes)`;
}

/**
 * Sets some of the limits.
 *
 * @publicApi
 */
export type ThriftLimitOptions = { readonly [Name in keyof ThriftLimits]?: ThriftLimits[Name] | undefined };

const NAMES = { depth: true, elements: true, stringBytes: true, calls: true } satisfies OptionNames<ThriftLimitOptions>;

/**
 * Completes partial limits with the defaults. Throws a `TypeError` for an unknown name, and for any
 * value that is not an integer from 1 to its maximum.
 */
export function resolveLimits(limits: ThriftLimitOptions = {}): ThriftLimits {
  checkOptionNames('', limits, NAMES, 'limits');
  const pick = (limit: keyof ThriftLimits): number => {
    const { [limit]: value = DEFAULT_LIMITS[limit] } = limits;
    const fault = numberFault(`limits.${limit}`, value, { min: 1, max: LARGEST_LIMITS[limit] });
    if (fault !== undefined) throw new TypeError(fault);
    return value;
  };
  return Object.freeze({
    depth: pick('depth'),
    elements: pick('elements'),
    stringBytes: pick('stringBytes'),
    calls: pick('calls'),
  });
}
