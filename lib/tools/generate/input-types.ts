import type { Int64Like } from '../../thrift/protocol.js';

/** What may be given for an i64. A number must be an exact integer. */
export type I64Input = bigint | number | Int64Like;

/** What may be given for a `binary`. */
export type BinaryInput = Uint8Array;

/** What may be given for a `set`. */
export type SetInput<Element> = ReadonlySet<Element> | readonly Element[];

/** What may be given for a `map` whose keys no object can have. */
export type PairsInput<Key, Value> = ReadonlyMap<Key, Value> | readonly (readonly [Key, Value])[];

/** What may be given for any other `map`; the keys of an object are converted to the declared type. */
export type MapInput<Key, Value> = PairsInput<Key, Value> | { readonly [key: string]: Value };

/** A union: exactly one of the members, `{ a: A; b?: never } | { a?: never; b: B }`. */
export type OneOf<Members> = {
  [Member in keyof Members]: { [Given in Member]: Members[Given] } & {
    [Other in Exclude<keyof Members, Member>]?: never;
  };
}[keyof Members];
