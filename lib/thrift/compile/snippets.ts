import type { ThriftType } from '../../idl/schema.js';

/** How i64 is read: as `bigint`, or as a number that must hold it exactly. */
export type I64Mode = 'bigint' | 'number';

/** A type whose values the snippets write and read in place; structs and containers have functions of their own. */
export type PlainType = Exclude<ThriftType, { kind: 'struct' | 'list' | 'set' | 'map' }>;

/**
 * The source that one protocol contributes to an encoder: strings in, strings out.
 *
 * A write function has the writer in `w`. Its statements may use the locals that `begin` declares.
 */
export interface WriteSnippets {
  /** Declares the locals. */
  readonly begin: string;
  /** Hands the position back to the writer. */
  readonly end: string;
  /** Makes room for a number of bytes, which the fixed parts of a group of fields take at most. */
  reserve(bytes: number): string;
  /** The most bytes that a field's header and value take in place. */
  fieldRoom(type: ThriftType): number;
  /** The same of an element of a container. */
  elementRoom(type: ThriftType): number;
  /** Whether writing a value may move the writer's memory, so that what was reserved is gone. */
  moves(type: ThriftType): boolean;
  /** Writes a field's header, for a value that {@link call} writes. */
  fieldHeader(type: ThriftType, id: number): string;
  /** Writes the field: header, and the checked value of expression `x`. */
  field(type: PlainType, id: number, x: string, enumName?: string): string;
  /** Writes the checked value of expression `x` as an element. */
  element(type: PlainType, x: string, enumName?: string): string;
  /** Calls another write function on expression `x`. */
  call(fn: string, x: string): string;
  /** Ends a struct, and the bytes it takes. */
  readonly stop: string;
  readonly stopRoom: number;
  /** Writes the header of a list or set of `n` elements, reserving for it. */
  listHeader(element: ThriftType, n: string): string;
  mapHeader(key: ThriftType, value: ThriftType, n: string): string;
}

/**
 * The source that one protocol contributes to a decoder.
 *
 * A read function has the reader in `r`. Within the field loop `t` and `id` are the tag and the id of the field at hand.
 */
export interface ReadSnippets {
  readonly begin: string;
  readonly end: string;
  /** Sets `t` to the tag of the next field, and `id` unless the tag is 0 (stop). */
  readonly nextField: string;
  /** Passes over the value of the field at hand. */
  readonly skip: string;
  /** Assigns the value of the field at hand to `target`. */
  field(type: PlainType, target: string): string;
  /** Assigns the value of an element at hand. */
  element(type: PlainType, target: string): string;
  /** Assigns what another read function returns. */
  call(fn: string, target: string): string;
  /** An expression: checks the header of a list or set, enters it and gives the number of elements; outside the locals. */
  listSize(element: ThriftType): string;
  mapSize(key: ThriftType, value: ThriftType): string;
}

/** One protocol's part of the emitter. */
export interface ProtocolSnippets {
  readonly write: WriteSnippets;
  read(i64: I64Mode): ReadSnippets;
}
