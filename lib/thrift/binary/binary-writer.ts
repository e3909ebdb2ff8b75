import { types } from 'node:util';
import { checkInt, checkUuid, wrong } from '../checks.js';
import { ThriftWriteError } from '../errors.js';
import { putI64 } from '../int64.js';
import { unkey } from '../object-keys.js';
import type { Int64Like, ThriftWriter } from '../protocol.js';
import { SlabWriter } from '../slab-writer.js';

/**
 * Holds the first 16 bits of a strict message header: the sign bit and version 1
 * (`doc/specs/thrift-binary-protocol.md`, Message).
 */
const VERSION_1 = 0x80010000;
/** Writes the binary protocol with strict headers only (`doc/specs/thrift-binary-protocol.md`). */
export class BinaryWriter extends SlabWriter implements ThriftWriter {
  writeMessageBegin(name: string, type: number, seqid: number): void {
    if (checkInt('i8', type) < 0) throw new ThriftWriteError('out-of-range', 'expected a message type');
    this.startMessage();
    this.reserve(4);
    this.view.setUint32(this.pos, VERSION_1 | type);
    this.pos += 4;
    this.writeString(name);
    this.writeI32(seqid);
  }

  writeStructBegin(_name?: string): void {
    this.enterStruct();
  }

  writeStructEnd(): void {
    this.depth--;
  }

  writeFieldBegin(_name: string | null | undefined, type: number, id: number): void {
    this.writeByte(type);
    this.writeI16(id);
  }

  writeFieldStop(): void {
    this.writeByte(0);
  }

  writeMapBegin(ktype: number, vtype: number, size: number): void {
    this.enterTableOf(size, ktype, vtype);
    this.writeByte(ktype);
    this.writeHeader(vtype, size);
  }

  writeListBegin(etype: number, size: number): void {
    this.enterListOf(etype, size);
    this.writeHeader(etype, size);
  }

  writeSetBegin(etype: number, size: number): void {
    this.enterTableOf(size, etype);
    this.writeHeader(etype, size);
  }

  writeBool(value: boolean): void {
    const bool = unkey(value, 'bool');
    if (typeof bool !== 'boolean') throw wrong('bool', value);
    this.writeByte(bool ? 1 : 0);
  }

  writeByte(value: number): void {
    const integer = checkInt('i8', unkey(value, 'i8'));
    this.reserve(1);
    this.bytes[this.pos++] = integer;
  }

  writeI16(value: number): void {
    const integer = checkInt('i16', unkey(value, 'i16'));
    this.reserve(2);
    this.view.setInt16(this.pos, integer);
    this.pos += 2;
  }

  writeI32(value: number): void {
    const integer = checkInt('i32', unkey(value, 'i32'));
    this.reserve(4);
    this.view.setInt32(this.pos, integer);
    this.pos += 4;
  }

  writeI64(value: number | bigint | Int64Like): void {
    this.reserve(8);
    putI64(this.view, this.pos, unkey(value, 'i64'));
    this.pos += 8;
  }

  writeDouble(value: number): void {
    const double = unkey(value, 'double');
    if (typeof double !== 'number') throw wrong('double', value);
    this.reserve(8);
    this.view.setFloat64(this.pos, double);
    this.pos += 8;
  }

  writeString(value: string): void {
    if (typeof value !== 'string') throw wrong('string', value);
    this.reserve(4 + value.length * 3);
    const at = this.pos;
    // The size is known only after writing.
    const size = this.checkLength(this.putUtf8(value, at + 4));
    this.view.setInt32(at, size);
    this.pos = at + 4 + size;
  }

  writeBinary(value: Uint8Array): void {
    if (!types.isUint8Array(value)) throw wrong('binary (a Buffer or Uint8Array)', value);
    const length = this.checkLength(value.length);
    this.reserve(4 + length);
    this.view.setInt32(this.pos, length);
    this.bytes.set(value, this.pos + 4);
    this.pos += 4 + length;
  }

  writeUuid(value: string): void {
    const digits = checkUuid(value);
    this.reserve(16);
    this.bytes.write(digits, this.pos, 'hex');
    this.pos += 16;
  }

  private writeHeader(etype: number, size: number): void {
    this.writeByte(etype);
    this.writeI32(size);
  }
}
