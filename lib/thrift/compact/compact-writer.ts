import { types } from 'node:util';
import { checkInt, checkUuid, wrong } from '../checks.js';
import { ThriftWriteError } from '../errors.js';
import { unkey } from '../object-keys.js';
import { TType, type Int64Like, type ThriftWriter } from '../protocol.js';
import { SlabWriter } from '../slab-writer.js';
import { compactType, CompactType } from './compact-types.js';
import { putListHeader, putMapHeader, putVarint, putZigzag64, varintBytes, zigzag } from './varint.js';

const PROTOCOL_ID = 0x82;
const VERSION = 1;
/** Equals the largest message type, because a message type has three bits. */
const LAST_MESSAGE_TYPE = 7;
/** Equals the largest delta between field ids that fits the first byte of a field header. */
const LARGEST_DELTA = 15;

/**
 * Writes the compact protocol (`doc/specs/thrift-compact-protocol.md`). Bools in containers are 1
 * and 2.
 */
export class CompactWriter extends SlabWriter implements ThriftWriter {
  /**
   * The id of the last field, from which the next header counts. `outerIds` holds the ids of the
   * enclosing structs.
   */
  private lastId = 0;
  private outerIds: number[] = [];
  /**
   * The id of the bool field whose header is not written yet, because the header contains the
   * value.
   */
  private boolId: number | undefined = undefined;

  override reset(): void {
    super.reset();
    this.lastId = 0;
    this.outerIds = [];
    this.boolId = undefined;
  }

  writeMessageBegin(name: string, type: number, seqid: number): void {
    if (checkInt('i8', type) < 0 || type > LAST_MESSAGE_TYPE) {
      throw new ThriftWriteError('out-of-range', 'expected a message type (0 to 7)');
    }
    this.startMessage();
    this.reserve(7);
    this.bytes[this.pos] = PROTOCOL_ID;
    this.bytes[this.pos + 1] = (type << 5) | VERSION;
    this.pos = putVarint(this.bytes, this.pos + 2, checkInt('i32', seqid));
    this.writeString(name);
  }

  writeStructBegin(_name?: string): void {
    this.enterStruct();
    this.outerIds.push(this.lastId);
    this.lastId = 0;
  }

  writeStructEnd(): void {
    this.depth--;
    this.lastId = this.outerIds.pop() ?? 0;
  }

  writeFieldBegin(_name: string | null | undefined, type: number, id: number): void {
    checkInt('i16', id);
    if (type === TType.BOOL) this.boolId = id;
    else this.putFieldHeader(codeOf(type), id);
  }

  writeFieldStop(): void {
    this.reserve(1);
    this.bytes[this.pos++] = CompactType.STOP;
  }

  writeMapBegin(ktype: number, vtype: number, size: number): void {
    this.enterTableOf(size, ktype, vtype);
    this.reserve(6);
    this.pos = putMapHeader(this.bytes, this.pos, (codeOf(ktype) << 4) | codeOf(vtype), size);
  }

  writeListBegin(etype: number, size: number): void {
    this.enterListOf(etype, size);
    this.writeHeader(etype, size);
  }

  writeSetBegin(etype: number, size: number): void {
    this.enterTableOf(size, etype);
    this.writeHeader(etype, size);
  }

  /** Writes a field's bool into the header, which {@link writeFieldBegin} left out. */
  writeBool(value: boolean): void {
    const bool = unkey(value, 'bool');
    if (typeof bool !== 'boolean') throw wrong('bool', value);
    const code = bool ? CompactType.TRUE : CompactType.FALSE;
    const id = this.boolId;
    if (id !== undefined) {
      this.boolId = undefined;
      this.putFieldHeader(code, id);
      return;
    }
    this.reserve(1);
    this.bytes[this.pos++] = code;
  }

  writeByte(value: number): void {
    const integer = checkInt('i8', unkey(value, 'i8'));
    this.reserve(1);
    this.bytes[this.pos++] = integer;
  }

  writeI16(value: number): void {
    const integer = checkInt('i16', unkey(value, 'i16'));
    this.reserve(3);
    this.pos = putVarint(this.bytes, this.pos, zigzag(integer));
  }

  writeI32(value: number): void {
    const integer = checkInt('i32', unkey(value, 'i32'));
    this.reserve(5);
    this.pos = putVarint(this.bytes, this.pos, zigzag(integer));
  }

  writeI64(value: number | bigint | Int64Like): void {
    this.reserve(10);
    this.pos = putZigzag64(this.bytes, this.pos, unkey(value, 'i64'));
  }

  /** Writes little-endian bytes, unlike the binary protocol. */
  writeDouble(value: number): void {
    const double = unkey(value, 'double');
    if (typeof double !== 'number') throw wrong('double', value);
    this.reserve(8);
    this.view.setFloat64(this.pos, double, true);
    this.pos += 8;
  }

  writeString(value: string): void {
    if (typeof value !== 'string') throw wrong('string', value);
    const { length } = value;
    this.reserve(5 + length * 3);
    const at = this.pos;
    // The size is known only after writing. Reserve the bytes that the size of ASCII text takes,
    // and move the text if the size takes more.
    const guess = varintBytes(length);
    const size = this.checkLength(this.putUtf8(value, at + guess));
    const needed = varintBytes(size);
    if (needed !== guess) this.bytes.copyWithin(at + needed, at + guess, at + guess + size);
    this.pos = putVarint(this.bytes, at, size) + size;
  }

  writeBinary(value: Uint8Array): void {
    if (!types.isUint8Array(value)) throw wrong('binary (a Buffer or Uint8Array)', value);
    const length = this.checkLength(value.length);
    this.reserve(5 + length);
    const at = putVarint(this.bytes, this.pos, length);
    this.bytes.set(value, at);
    this.pos = at + length;
  }

  writeUuid(value: string): void {
    const digits = checkUuid(value);
    this.reserve(16);
    this.bytes.write(digits, this.pos, 'hex');
    this.pos += 16;
  }

  private writeHeader(etype: number, size: number): void {
    this.reserve(6);
    this.pos = putListHeader(this.bytes, this.pos, codeOf(etype), size);
  }

  private putFieldHeader(code: number, id: number): void {
    const delta = id - this.lastId;
    this.lastId = id;
    this.reserve(4);
    if (delta > 0 && delta <= LARGEST_DELTA) {
      this.bytes[this.pos++] = (delta << 4) | code;
      return;
    }
    this.bytes[this.pos] = code;
    this.pos = putVarint(this.bytes, this.pos + 1, zigzag(id));
  }
}

function codeOf(type: number): number {
  const code = compactType(type);
  if (code === CompactType.STOP) throw wrong('a type tag that values have', type);
  return code;
}
