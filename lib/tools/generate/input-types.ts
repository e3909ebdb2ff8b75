import type { Int64Like } from '../../thrift/protocol.js';

/**
 * Values accepted for an i64. A number must be an exact integer.
 *
 * @publicApi
 */
export type I64Input = bigint | number | Int64Like;

/**
 * Values accepted for a `binary`.
 *
 * @publicApi
 */
export type BinaryInput = Uint8Array;

/**
 * Values accepted for a `set`.
 *
 * @publicApi
 */
export type SetInput<Element> = ReadonlySet<Element> | readonly Element[];

/**
 * Values accepted for a `map` whose keys no object can have.
 *
 * @publicApi
 */
export type PairsInput<Key, Value> = ReadonlyMap<Key, Value> | readonly (readonly [Key, Value])[];

/**
 * Values accepted for any other `map`. Keys of an object are converted to the declared type.
 *
 * @publicApi
 */
export type MapInput<Key, Value> = PairsInput<Key, Value> | { readonly [key: string]: Value };

/**
 * A union with a default: one of the members, or an object without a member for the default.
 *
 * @publicApi
 */
export type AtMostOneOf<Members> = OneOf<Members> | { [Member in keyof Members]?: never };

/**
 * A union: exactly one of the members, `{ a: A; b?: never } | { a?: never; b: B }`.
 *
 * @publicApi
 */
export type OneOf<Members> = {
  [Member in keyof Members]: { [Given in Member]: Members[Given] } & {
    [Other in Exclude<keyof Members, Member>]?: never;
  };
}[keyof Members];
