import { isUtf8 } from 'node:buffer';
import { ThriftReadError } from '../errors.js';
import { getI64Number } from '../int64.js';
import type { ReadLimits } from '../limits.js';
import { TType } from '../protocol.js';
import { mismatch, typeName } from '../type-names.js';
import { leastBytes } from './least-bytes.js';

/** Strings up to this many bytes are checked for ASCII in JavaScript. */
const SHORT_STRING = 64;
/** The engine copies slices shorter than this; longer ones keep the string they were cut from in memory. */
const COPIED_SLICE = 12;
/** Up to this many bytes a message may be kept in memory by a string that was cut from it. */
const KEPT_TEXT = 8192;

/**
 * A position in the bytes of one or more messages, the base values, and what is left of the message's limits.
 *
 * Generated decoders work on the fields directly and must check against `end` before they read through `bytes` or `view`.
 */
export class BinaryCursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly end: number;
  pos = 0;
  depth = 0;
  budget: number;
  private text: string | undefined = undefined;

  constructor(
    bytes: Uint8Array,
    readonly limits: ReadLimits,
  ) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
    this.budget = limits.elements;
  }

  startMessage(): void {
    this.depth = 0;
    this.budget = this.limits.elements;
  }

  /** One level deeper, and `values` fewer left to read. */
  enter(values: number): void {
    const { limits } = this;
    if (++this.depth > limits.depth) {
      throw new ThriftReadError('limit-exceeded', `nested deeper than ${limits.depth} levels`, 'depth');
    }
    this.budget -= values;
    if (this.budget < 0) throw this.overBudget();
  }

  /** Returns where `count` bytes start and moves past them. */
  take(count: number): number {
    const at = this.pos;
    if (count > this.end - at) throw this.truncated(count);
    this.pos = at + count;
    return at;
  }

  truncated(needed: number): ThriftReadError {
    return new ThriftReadError('truncated', `${needed} bytes needed, ${this.end - this.pos} left`);
  }

  overBudget(): ThriftReadError {
    const detail = `the message holds more than ${this.limits.elements} values`;
    return new ThriftReadError('limit-exceeded', detail, 'elements');
  }

  /** The header of a list or set behind its element type, or of a map behind both: checks it all and enters. */
  readSize(etype: number, vtype?: number): number {
    const size = this.readI32();
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a container', 'size');
    const least = leastBytes(etype) + (vtype === undefined ? 0 : leastBytes(vtype));
    if (size > 0 && least === 0) throw new ThriftReadError('type-mismatch', 'elements of a type Thrift does not have');
    if (size * least > this.end - this.pos) throw this.truncated(size * least);
    // Structs and containers count themselves, but so many of them must fit all the same.
    if (size > this.budget) throw this.overBudget();
    this.enter(1 + size * ((isBase(etype) ? 1 : 0) + (vtype !== undefined && isBase(vtype) ? 1 : 0)));
    return size;
  }

  /** {@link readSize} with the element type on the wire compared to the declared one; no type is compared when there are no elements. */
  readList(etype: number): number {
    const found = this.readByte();
    const size = this.readSize(found);
    if (size > 0 && found !== etype) throw mismatch(found, `elements of ${typeName(etype)}`);
    return size;
  }

  readMap(ktype: number, vtype: number): number {
    const foundKey = this.readByte();
    const foundValue = this.readByte();
    const size = this.readSize(foundKey, foundValue);
    if (size > 0 && foundKey !== ktype) throw mismatch(foundKey, `keys of ${typeName(ktype)}`);
    if (size > 0 && foundValue !== vtype) throw mismatch(foundValue, `values of ${typeName(vtype)}`);
    return size;
  }

  /** The wire knows 0 and 1. Apache's C++, Python and Node take any other byte for true, Java and Go for false; so this does the former. */
  readBool(): boolean {
    return this.bytes[this.take(1)] !== 0;
  }

  readByte(): number {
    return this.view.getInt8(this.take(1));
  }

  readI16(): number {
    return this.view.getInt16(this.take(2));
  }

  readI32(): number {
    return this.view.getInt32(this.take(4));
  }

  readI64Number(): number {
    const value = getI64Number(this.view, this.take(8));
    if (value === value) return value;
    throw new ThriftReadError('limit-exceeded', "an i64 beyond 2^53 - 1, with the option i64: 'number'", 'i64');
  }

  readDouble(): number {
    return this.view.getFloat64(this.take(8));
  }

  readString(): string {
    const size = this.readByteCount();
    const at = this.take(size);
    const { bytes } = this;
    const to = at + size;
    if (size <= SHORT_STRING) {
      let i = at;
      while (i < to && (bytes[i] as number) < 128) i++;
      if (i === to) return this.ascii(at, to);
    }
    const text = bytes.toString('utf8', at, to);
    // The engine replaces what is not UTF-8 by U+FFFD, which may also have been sent.
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(at, to))) {
      throw new ThriftReadError('invalid-utf8', 'a string that is not UTF-8');
    }
    return text;
  }

  /** Cutting a string from one made of all bytes takes a fraction of the time that a call into the engine takes. */
  private ascii(at: number, to: number): string {
    if (this.end > KEPT_TEXT && to - at > COPIED_SLICE) return this.bytes.toString('latin1', at, to);
    this.text ??= this.bytes.toString('latin1');
    return this.text.slice(at, to);
  }

  readBinary(): Buffer {
    const size = this.readByteCount();
    const at = this.take(size);
    // A copy: the bytes read from may be used again for the next message.
    const copy = Buffer.allocUnsafe(size);
    this.bytes.copy(copy, 0, at, at + size);
    return copy;
  }

  readUuid(): string {
    const at = this.take(16);
    const hex = this.bytes.toString('hex', at, at + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** The size in front of a string or binary, checked against the limit; the bytes at hand are checked by {@link take}. */
  readByteCount(): number {
    const size = this.readI32();
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a string or binary', 'size');
    if (size > this.limits.stringBytes) {
      throw new ThriftReadError(
        'limit-exceeded',
        `a string or binary longer than ${this.limits.stringBytes} bytes`,
        'stringBytes',
      );
    }
    return size;
  }
}
function isBase(type: number): boolean {
  return type < TType.STRUCT || type === TType.UUID;
}
