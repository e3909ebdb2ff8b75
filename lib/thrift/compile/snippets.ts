import type { ThriftType } from '../../idl/schema.js';

/** Selects the type of an i64 on read: `bigint`, or a number that must hold the value exactly. */
export type I64Mode = 'bigint' | 'number';

/**
 * Represents a type that snippets write and read in place. Structs and containers have their own
 * functions.
 */
export type PlainType = Exclude<ThriftType, { kind: 'struct' | 'list' | 'set' | 'map' }>;

/** Describes the position of a field in the output. */
export interface FieldContext {
  readonly id: number;
  /**
   * The possible ids of the previous field, with 0 for no field. The previous field depends on
   * which optional fields are present.
   */
  readonly after: ReadonlySet<number>;
}

/**
 * Holds source for the punctuation around values in a text protocol. Byte protocols have no
 * punctuation.
 */
interface TextMarks {
  /**
   * Follows a field that {@link WriteSnippets.call} wrote. Decoders handle this mark in
   * {@link ReadSnippets.nextField}.
   */
  readonly fieldEnd: string;
  /** Precedes an element of a list or set. */
  readonly element: string;
  /** Precedes the key of the entry whose index is in the local `i`. */
  readonly key: string;
  /** Separates a key and its value. */
  readonly value: string;
  /** Follows the last element of a list or set. */
  readonly listEnd: string;
  readonly mapEnd: string;
}

/**
 * Provides the source that one protocol contributes to an encoder.
 *
 * A write function has the writer in `w`. Its statements may use the locals that `begin` declares.
 */
export interface WriteSnippets {
  readonly begin: string;
  /** Declares state that a struct function keeps between fields; may be empty. */
  readonly beginStruct: string;
  /** Stores the position in the writer. */
  readonly end: string;
  /** Reserves a number of bytes: the maximum that the fixed parts of a group of fields take. */
  reserve(bytes: number): string;
  /** Returns the most bytes that a field's header and value take in place. */
  fieldRoom(type: ThriftType): number;
  /** Returns the most bytes that a container element takes in place. */
  elementRoom(type: ThriftType): number;
  /**
   * True if writing a value may move the writer's memory and thus invalidate the reserved space.
   */
  moves(type: ThriftType): boolean;
  /** Writes a field header for a value that {@link call} writes. */
  fieldHeader(type: ThriftType, at: FieldContext): string;
  /** Writes a field: its header, and the checked value of expression `x`. */
  field(type: PlainType, at: FieldContext, x: string, enumName?: string): string;
  /** Writes the checked value of expression `x` as an element. */
  element(type: PlainType, x: string, enumName?: string): string;
  /**
   * Writes the checked value of expression `x` as a map key, if keys differ from {@link element}.
   */
  key?(type: PlainType, x: string, enumName?: string): string;
  readonly marks?: TextMarks;
  /** Calls another write function on expression `x`. */
  call(fn: string, x: string): string;
  /** Ends a struct. `stopRoom` is the number of bytes that the end takes. */
  readonly stop: string;
  readonly stopRoom: number;
  /** Reserves and writes the header of a list or set of `n` elements. */
  listHeader(element: ThriftType, n: string): string;
  mapHeader(key: ThriftType, value: ThriftType, n: string): string;
}

/**
 * Provides the source that one protocol contributes to a decoder.
 *
 * A read function has the reader in `r`. In the field loop, `t` is the current field's tag as the
 * protocol writes it, and `id` its id. Both are 0 before the first field.
 */
export interface ReadSnippets {
  readonly begin: string;
  readonly end: string;
  /** Sets `t` to the tag of the next field. Sets `id` unless the tag is 0 (stop). */
  readonly nextField: string;
  /** Emits an expression that is true if the tag in `t` is the tag of a type. */
  isType(type: ThriftType): string;
  /** Evaluates to the Thrift type tag (`TType`) of the tag in `t`, for error messages. */
  readonly foundType: string;
  /** Skips the value of the current field. */
  readonly skip: string;
  /** Assigns the value of the current field to `target`. */
  field(type: PlainType, target: string): string;
  /** Assigns the value of the current element to `target`. */
  element(type: PlainType, target: string): string;
  /** Assigns the current map key to `target`, if keys differ from {@link element}. */
  key?(type: PlainType, target: string): string;
  readonly marks?: TextMarks;
  /** Assigns the result of another read function to `target`. */
  call(fn: string, target: string): string;
  /**
   * Emits an expression that checks the header of a list or set, enters the container and returns
   * the number of elements. The expression runs outside the locals.
   */
  listSize(element: ThriftType): string;
  mapSize(key: ThriftType, value: ThriftType): string;
}

export interface ProtocolSnippets {
  readonly write: WriteSnippets;
  read(i64: I64Mode): ReadSnippets;
}

/** Emits a statement that throws unless local `x` holds an integer of a type's width. */
export function checkInteger(kind: 'i8' | 'i16' | 'i32', x: string): string {
  const unused = { i8: 24, i16: 16, i32: 0 }[kind];
  const narrow = unused === 0 ? `${x} | 0` : `${x} << ${unused} >> ${unused}`;
  return `if (typeof ${x} !== 'number' || ${x} !== (${narrow})) throw wrong('${kind}', ${x});`;
}

/**
 * Reloads the locals after a writer method: `p` is the position, `b` the bytes, `d` a view of the
 * same memory. `w` keeps the position during the call.
 */
export const RELOAD = 'p = w.pos; b = w.bytes; d = w.view;';

/** Lists the writer methods by type. These methods reserve their own space. */
export const WRITE_METHODS = { string: 'writeString', binary: 'writeBinary', uuid: 'writeUuid' } as const;
