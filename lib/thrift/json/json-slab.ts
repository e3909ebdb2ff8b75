import { types } from 'node:util';
import { checkInt, checkUuid, wrong } from '../checks.js';
import { getI64Number, putI64 } from '../int64.js';
import { SlabWriter } from '../slab-writer.js';
import { MINUS, QUOTE, ZERO } from './json-syntax.js';
import { base64Length } from './base64.js';
import { putJsonText } from './put-json-text.js';

/**
 * Counts the most characters that the `put…` methods write. `"-Infinity"` and
 * `-2.2250738585072014e-308` are shorter.
 */
export const NUMBER_ROOM = 28;

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Writes the values of the JSON protocol (`TJSONProtocol.cpp`) without punctuation.
 *
 * `put…` methods write where {@link NUMBER_ROOM} bytes are reserved, and return the end position.
 * `append…` methods write at the position and reserve their own space. Each method throws
 * `ThriftWriteError` for a value of the wrong type.
 */
export abstract class JsonSlab extends SlabWriter {
  putBool(at: number, value: unknown): number {
    if (typeof value !== 'boolean') throw wrong('bool', value);
    this.bytes[at] = value ? ZERO + 1 : ZERO;
    return at + 1;
  }

  putI8(at: number, value: unknown): number {
    return this.putInteger(at, checkInt('i8', value));
  }

  putI16(at: number, value: unknown): number {
    return this.putInteger(at, checkInt('i16', value));
  }

  putI32(at: number, value: unknown): number {
    return this.putInteger(at, checkInt('i32', value));
  }

  putI64(at: number, value: unknown): number {
    if (typeof value === 'number' && value === (value | 0)) return this.putInteger(at, value);
    putI64(scratch, 0, value);
    const exact = getI64Number(scratch, 0);
    return exact === exact ? this.putInteger(at, exact) : this.putAscii(at, String(scratch.getBigInt64(0)));
  }

  putDouble(at: number, value: unknown): number {
    if (typeof value !== 'number') throw wrong('double', value);
    if (Number.isFinite(value)) return this.putFinite(at, value);
    return this.quoted(at, (from) => this.putAscii(from, String(value)));
  }

  /** Writes a double as the key of a map, where every number is quoted. */
  putDoubleKey(at: number, value: unknown): number {
    if (typeof value !== 'number') throw wrong('double', value);
    return this.quoted(at, (from) => this.putFinite(from, value));
  }

  /** Writes an integer that a number holds exactly. */
  putInteger(at: number, value: number): number {
    const { bytes } = this;
    let left = value;
    let from = at;
    if (left < 0) {
      bytes[from++] = MINUS;
      left = -left;
    }
    let to = from + 1;
    for (let limit = 10; left >= limit; limit *= 10) to++;
    for (let i = to - 1; i >= from; i--) {
      const rest = Math.floor(left / 10);
      bytes[i] = ZERO + (left - rest * 10);
      left = rest;
    }
    return to;
  }

  appendString(value: unknown): void {
    if (typeof value !== 'string') throw wrong('string', value);
    // UTF-8 takes at most three bytes for each of a string's 16-bit units.
    if (value.length * 3 > this.limits.stringBytes) this.checkLength(Buffer.byteLength(value));
    putJsonText(this, value);
  }

  /**
   * Writes padded base64. Apache's reader for Go requires padding, and all other readers accept it.
   */
  appendBinary(value: unknown): void {
    if (!types.isUint8Array(value)) throw wrong('binary (a Buffer or Uint8Array)', value);
    this.reserve(base64Length(this.checkLength(value.length)) + 2);
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.pos = this.quoted(this.pos, (from) => from + this.bytes.write(bytes.toString('base64'), from, 'latin1'));
  }

  /** Writes lower case, `8-4-4-4-12`. */
  appendUuid(value: unknown): void {
    checkUuid(value);
    putJsonText(this, (value as string).toLowerCase());
  }

  private putFinite(at: number, value: number): number {
    if (value === (value | 0) && !Object.is(value, -0)) return this.putInteger(at, value);
    return this.putAscii(at, Object.is(value, -0) ? '-0' : String(value));
  }

  private quoted(at: number, put: (from: number) => number): number {
    this.bytes[at] = QUOTE;
    const to = put(at + 1);
    this.bytes[to] = QUOTE;
    return to + 1;
  }

  /** Writes short text that contains only ASCII. */
  private putAscii(at: number, text: string): number {
    const { bytes } = this;
    const { length } = text;
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    return at + length;
  }
}
