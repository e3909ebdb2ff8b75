import type { Int64 } from 'thrift';

/** The protocols this library reads and writes. */
export type ProtocolName = 'binary' | 'compact' | 'json';

/** Type tags of Apache Thrift (`TType`); the binary protocol puts these very numbers on the wire. */
export const TType = {
  STOP: 0,
  VOID: 1,
  BOOL: 2,
  BYTE: 3,
  I08: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
  UUID: 16,
} as const;

/** Message types of Apache Thrift (`TMessageType`, `doc/specs/thrift-rpc.md`). */
export const TMessageType = { CALL: 1, REPLY: 2, EXCEPTION: 3, ONEWAY: 4 } as const;

/** What stands before a call: the method, the message type as written (not checked) and the sequence id. */
export interface MessageHeader {
  readonly name: string;
  readonly type: number;
  readonly seqid: number;
}

/** A message header under both names: this library's and those the Apache Node runtime and its generated code use. */
export interface MessageBegin extends MessageHeader {
  readonly fname: string;
  readonly mtype: number;
  readonly rseqid: number;
}

/** An `Int64` object of `node-int64`, which the Apache Node runtime uses: eight big-endian bytes in `buffer` from `offset`. */
export interface Int64Like {
  readonly buffer: Uint8Array;
  readonly offset: number;
}

/**
 * TProtocol's writing half, under Apache's method names, so that code made by the Apache compiler (`--gen js:node`) runs on it.
 *
 * Every method throws `ThriftWriteError` for a value that the type cannot hold; nothing is wrapped or cut. Generated code keeps maps in plain
 * objects and passes their keys as they are, so the numeric methods and `writeBool` also take the canonical decimal text of a value.
 */
export interface ThriftWriter {
  /** Bytes written so far. */
  readonly length: number;
  /** A copy of the bytes written so far. */
  toBuffer(): Buffer;
  /** The bytes written so far in standard base64, padded, without line breaks. */
  toBase64(): string;
  /** Forgets everything written. */
  reset(): void;
  writeMessageBegin(name: string, type: number, seqid: number): void;
  writeMessageEnd(): void;
  writeStructBegin(name?: string): void;
  writeStructEnd(): void;
  writeFieldBegin(name: string | null | undefined, type: number, id: number): void;
  writeFieldEnd(): void;
  writeFieldStop(): void;
  writeMapBegin(ktype: number, vtype: number, size: number): void;
  writeMapEnd(): void;
  writeListBegin(etype: number, size: number): void;
  writeListEnd(): void;
  writeSetBegin(etype: number, size: number): void;
  writeSetEnd(): void;
  writeBool(value: boolean): void;
  writeByte(value: number): void;
  writeI16(value: number): void;
  writeI32(value: number): void;
  writeI64(value: number | bigint | Int64Like): void;
  writeDouble(value: number): void;
  writeString(value: string): void;
  writeBinary(value: Uint8Array): void;
  writeUuid(value: string): void;
  /** Does nothing; the bytes are taken with {@link toBuffer}. */
  flush(): void;
  /** The writer itself stands in for Apache's transport: generated clients only ask it to flush. */
  getTransport(): this;
  /** Does nothing: depth is counted by the begin and end methods, which older generated code calls too. */
  incrementRecursionDepth(): void;
  decrementRecursionDepth(): void;
}

/**
 * TProtocol's reading half, under Apache's method names and with the Apache Node runtime's result shapes.
 *
 * Every method throws `ThriftReadError` for bytes that are not what was asked for, and keeps to the limits it was made with.
 */
export interface ThriftReader {
  /** Bytes not read yet. */
  readonly remaining: number;
  /** Also starts the message's depth afresh. The element budget is for all messages of a reader: a body may hold many. */
  readMessageBegin(): MessageBegin;
  readMessageEnd(): void;
  readStructBegin(): { fname: string };
  readStructEnd(): void;
  readFieldBegin(): { fname: string | null; ftype: number; fid: number };
  readFieldEnd(): void;
  readMapBegin(): { ktype: number; vtype: number; size: number };
  readMapEnd(): void;
  readListBegin(): { etype: number; size: number };
  readListEnd(): void;
  readSetBegin(): { etype: number; size: number };
  readSetEnd(): void;
  readBool(): boolean;
  readByte(): number;
  readI16(): number;
  readI32(): number;
  /** An `Int64` object, which generated code hands on or converts; the codecs of this library read bigints. */
  readI64(): Int64;
  readDouble(): number;
  readString(): string;
  /** A copy, independent of the bytes read from. */
  readBinary(): Buffer;
  /** Lower case, `8-4-4-4-12`. */
  readUuid(): string;
  /** Passes over one value of a type tag, within the same limits as reading it. */
  skip(type: number): void;
  flush(): void;
  getTransport(): this;
  incrementRecursionDepth(): void;
  decrementRecursionDepth(): void;
}
