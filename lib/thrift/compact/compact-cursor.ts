import { Cursor } from '../cursor.js';
import { ThriftReadError } from '../errors.js';
import { getI64Number } from '../int64.js';
import { mismatch, typeName } from '../type-names.js';
import { CompactType, compactTypeTag, leastCompactBytes, unknownCode } from './compact-types.js';
import { skipCompact } from './skip-compact.js';

/** Converts between an i64 and its two 32-bit halves. */
const scratch = new DataView(new ArrayBuffer(8));

/**
 * Reads container headers and base values of the compact protocol.
 *
 * A varint may be longer than necessary, as in all of Apache's libraries. A varint is never longer
 * than its type allows: 5 bytes, or 10 bytes for an i64. Excess bits are rejected; some of Apache's
 * libraries drop these bits, which changes the number.
 */
export class CompactCursor extends Cursor {
  /** The upper half of the value that {@link varint64} read. */
  private high = 0;

  /**
   * Reads the header of a list or set. Compares the element type with the declared code unless the
   * container is empty.
   */
  readList(code: number): number {
    const { found, size } = this.listHeader();
    if (size > 0 && !isSame(found, code)) {
      throw mismatch(compactTypeTag(found), `elements of ${typeName(compactTypeTag(code))}`);
    }
    return size;
  }

  readMap(key: number, value: number): number {
    const { foundKey, foundValue, size } = this.mapHeader();
    if (size > 0 && !isSame(foundKey, key)) {
      throw mismatch(compactTypeTag(foundKey), `keys of ${typeName(compactTypeTag(key))}`);
    }
    if (size > 0 && !isSame(foundValue, value)) {
      throw mismatch(compactTypeTag(foundValue), `values of ${typeName(compactTypeTag(value))}`);
    }
    return size;
  }

  /** Reads and checks the header of a list or set, and enters the container. */
  listHeader(): { found: number; size: number } {
    const byte = this.readUint8();
    const found = byte & 15;
    const size = byte >> 4 === 15 ? this.readVarint() : byte >> 4;
    const least = leastCompactBytes(found);
    if ((size > 0 && least === 0) || found > CompactType.UUID) throw unknownCode(found);
    this.enterContainer(size, least, isBase(found) ? 1 : 0);
    return { found, size };
  }

  /**
   * Reads and checks the header of a map, and enters the map. An empty map has no types on the
   * wire; both are 0.
   */
  mapHeader(): { foundKey: number; foundValue: number; size: number } {
    const size = this.readVarint();
    const types = size === 0 ? 0 : this.readUint8();
    const foundKey = types >> 4;
    const foundValue = types & 15;
    const leastKey = leastCompactBytes(foundKey);
    const leastValue = leastCompactBytes(foundValue);
    if (size > 0 && leastKey === 0) throw unknownCode(foundKey);
    if (size > 0 && leastValue === 0) throw unknownCode(foundValue);
    this.enterContainer(size, leastKey + leastValue, (isBase(foundKey) ? 1 : 0) + (isBase(foundValue) ? 1 : 0));
    return { foundKey, foundValue, size };
  }

  /** Skips the value of a field after its header. A bool has its value in the header. */
  skipField(code: number): void {
    if (code !== CompactType.TRUE && code !== CompactType.FALSE) skipCompact(this, code);
  }

  /**
   * Computes a field id from the previous id and the header. The upper half of the header is a
   * delta, or 0 if the id follows.
   */
  nextId(last: number, header: number): number {
    const id = header >> 4 === 0 ? this.readI16() : last + (header >> 4);
    if (id > 32767) throw tooWide(16);
    return id;
  }

  readUint8(): number {
    return this.bytes[this.take(1)] as number;
  }

  readByte(): number {
    return this.view.getInt8(this.take(1));
  }

  readI16(): number {
    const value = this.readI32();
    if (value !== (value << 16) >> 16) throw tooWide(16);
    return value;
  }

  readI32(): number {
    const value = this.readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  readI64Big(): bigint {
    this.i64ToScratch();
    return scratch.getBigInt64(0);
  }

  readI64Number(): number {
    this.i64ToScratch();
    const value = getI64Number(scratch, 0);
    if (value === value) return value;
    throw new ThriftReadError('limit-exceeded', "an i64 beyond 2^53 - 1, with the option i64: 'number'", 'i64');
  }

  skipI64(): void {
    this.varint64();
  }

  /** Returns a new buffer of eight big-endian bytes. */
  readI64Bytes(): Buffer {
    this.i64ToScratch();
    return Buffer.from(new Uint8Array(scratch.buffer));
  }

  readDouble(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  readByteCount(): number {
    return this.checkByteCount(this.readVarint());
  }

  /** Reads a varint of 32 bits as a signed number. */
  readVarint(): number {
    const { bytes, end } = this;
    let p = this.pos;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (p === end) throw this.truncated(end - this.pos + 1);
      const byte = bytes[p++] as number;
      if (shift === 28 && byte > 15) throw tooWide(32);
      value |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    this.pos = p;
    return value;
  }

  /** Decodes a zigzag varint of 64 bits into the scratch view, big-endian. */
  private i64ToScratch(): void {
    const low = this.varint64();
    const { high } = this;
    const sign = -(low & 1);
    scratch.setInt32(0, (high >>> 1) ^ sign);
    scratch.setInt32(4, ((low >>> 1) | (high << 31)) ^ sign);
  }

  /** Returns the lower half of a varint of 64 bits and keeps the upper half in `high`. */
  private varint64(): number {
    const { bytes, end } = this;
    let p = this.pos;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (p === end) throw this.truncated(end - this.pos + 1);
      const byte = bytes[p++] as number;
      if (shift === 63 && byte > 1) throw tooWide(64);
      if (shift < 32) low |= (byte & 127) << shift;
      // The fifth byte spans both halves.
      if (shift > 28) high |= (byte & 127) << (shift - 32);
      else if (shift === 28) high = (byte & 127) >> 4;
      if (byte < 128) break;
    }
    this.pos = p;
    this.high = high;
    return low;
  }
}

function tooWide(bits: number): ThriftReadError {
  return new ThriftReadError('type-mismatch', `a number of more than ${bits} bits`);
}

function isBase(code: number): boolean {
  return code < CompactType.LIST || code === CompactType.UUID;
}

/** True if a code on the wire matches the declared code. Both codes for bool match bool. */
function isSame(found: number, declared: number): boolean {
  return found === declared || (found === CompactType.FALSE && declared === CompactType.TRUE);
}
