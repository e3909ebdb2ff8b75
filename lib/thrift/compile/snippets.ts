import type { ThriftType } from '../../idl/schema.js';

/** How i64 is read: as `bigint`, or as a number that must hold it exactly. */
export type I64Mode = 'bigint' | 'number';

/** A type whose values the snippets write and read in place; structs and containers have functions of their own. */
export type PlainType = Exclude<ThriftType, { kind: 'struct' | 'list' | 'set' | 'map' }>;

/** Where a field stands in what is written. */
export interface FieldContext {
  readonly id: number;
  /** The ids that the field written just before may have, 0 standing for none: which one depends on the optional fields present. */
  readonly after: ReadonlySet<number>;
}

/** Source for what stands around the values in a protocol of text. Protocols of bytes have no such marks. */
interface TextMarks {
  /** Behind a field that {@link WriteSnippets.call} wrote. Decoders look for it in {@link ReadSnippets.nextField}. */
  readonly fieldEnd: string;
  /** Before an element of a list or set. */
  readonly element: string;
  /** Before the key of the entry with the index in the local `i`. */
  readonly key: string;
  /** Between a key and its value. */
  readonly value: string;
  /** Behind the last element of a list or set. */
  readonly listEnd: string;
  readonly mapEnd: string;
}

/**
 * The source that one protocol contributes to an encoder: strings in, strings out.
 *
 * A write function has the writer in `w`. Its statements may use the locals that `begin` declares.
 */
export interface WriteSnippets {
  /** Declares the locals. */
  readonly begin: string;
  /** Declares what the protocol remembers from field to field, in the function of a struct; may be empty. */
  readonly beginStruct: string;
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
  fieldHeader(type: ThriftType, at: FieldContext): string;
  /** Writes the field: header, and the checked value of expression `x`. */
  field(type: PlainType, at: FieldContext, x: string, enumName?: string): string;
  /** Writes the checked value of expression `x` as an element. */
  element(type: PlainType, x: string, enumName?: string): string;
  /** Writes the checked value of expression `x` as the key of a map, where that is not {@link element}. */
  key?(type: PlainType, x: string, enumName?: string): string;
  readonly marks?: TextMarks;
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
 * A read function has the reader in `r`. Within the field loop `t` and `id` are the tag, as the protocol writes it, and the id of
 * the field at hand; both are 0 before the first.
 */
export interface ReadSnippets {
  readonly begin: string;
  readonly end: string;
  /** Sets `t` to the tag of the next field, and `id` unless the tag is 0 (stop). */
  readonly nextField: string;
  /** An expression: whether the tag in `t` is that of a type. */
  isType(type: ThriftType): string;
  /** An expression: the Thrift type tag (`TType`) that the tag in `t` stands for, to tell people. */
  readonly foundType: string;
  /** Passes over the value of the field at hand. */
  readonly skip: string;
  /** Assigns the value of the field at hand to `target`. */
  field(type: PlainType, target: string): string;
  /** Assigns the value of an element at hand. */
  element(type: PlainType, target: string): string;
  /** Assigns the key at hand of a map, where that is not {@link element}. */
  key?(type: PlainType, target: string): string;
  readonly marks?: TextMarks;
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

/** A statement that throws unless local `x` holds an integer of a type's width. */
export function checkInteger(kind: 'i8' | 'i16' | 'i32', x: string): string {
  const unused = { i8: 24, i16: 16, i32: 0 }[kind];
  const narrow = unused === 0 ? `${x} | 0` : `${x} << ${unused} >> ${unused}`;
  return `if (typeof ${x} !== 'number' || ${x} !== (${narrow})) throw wrong('${kind}', ${x});`;
}
