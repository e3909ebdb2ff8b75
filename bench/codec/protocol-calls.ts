import type { Int64 } from 'thrift';

/** Lists the protocol methods that generated code calls to write. */
export interface Output {
  writeMessageBegin(name: string, type: number, seqid: number): void;
  writeMessageEnd(): void;
  writeStructBegin(name: string): void;
  writeStructEnd(): void;
  writeFieldBegin(name: string, type: number, id: number): void;
  writeFieldEnd(): void;
  writeFieldStop(): void;
  writeMapBegin(ktype: number, vtype: number, size: number): void;
  writeMapEnd(): void;
  writeListBegin(etype: number, size: number): void;
  writeListEnd(): void;
  writeI64(value: number): void;
  writeString(value: string): void;
  writeBinary(value: Buffer): void;
  incrementRecursionDepth(): void;
  decrementRecursionDepth(): void;
}

/** Lists the protocol methods that generated code calls to read. */
export interface Input {
  readMessageBegin(): { fname: string; mtype: number };
  readMessageEnd(): void;
  readStructBegin(): unknown;
  readStructEnd(): void;
  readFieldBegin(): { ftype: number; fid: number };
  readFieldEnd(): void;
  readMapBegin(): { size: number };
  readMapEnd(): void;
  readListBegin(): { size: number };
  readListEnd(): void;
  readI64(): Int64;
  readString(): string;
  readBinary(): Buffer;
  skip(type: number): void;
  incrementRecursionDepth(): void;
  decrementRecursionDepth(): void;
}

/** Lists the type tags, which generated code takes from the runtime. */
export const STOP = 0;
export const I64 = 10;
export const STRING = 11;
export const STRUCT = 12;
export const MAP = 13;
export const LIST = 15;
