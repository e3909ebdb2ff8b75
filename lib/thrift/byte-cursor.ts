import { isUtf8 } from 'node:buffer';
import { ThriftReadError } from './errors.js';
import type { ReadLimits } from './limits.js';

/** The engine copies slices shorter than this; longer ones keep the string they were cut from in memory. */
const COPIED_SLICE = 12;
/** Up to this many bytes a message may be kept in memory by a string that was cut from it. */
const KEPT_TEXT = 8192;

/** A message is a call of a handler, which costs more than a value. */
const MESSAGE_VALUES = 10;
/** So many colliding keys in one map or set cost about what as many values cost. */
const COLLIDING_KEYS = 1024;

/**
 * A position in the bytes of one or more messages, and what is left of the message's limits.
 *
 * Generated decoders work on the fields directly and must check against `end` before they read through `bytes` or `view`.
 */
export class ByteCursor {
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
    /** Text that is not UTF-8 is read with U+FFFD in the place of what is not. */
    readonly lenient = false,
  ) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
    this.budget = limits.elements;
  }

  startMessage(): void {
    this.depth = 0;
    this.budget -= MESSAGE_VALUES;
    if (this.budget < 0) throw this.overBudget();
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

  /**
   * Counts what `count` numeric keys of one map or set may cost beyond themselves. The engine hashes numbers without a seed, so a sender can
   * choose keys that all collide, and a Map of n such keys takes n² steps to fill.
   */
  chargeKeys(count: number): void {
    this.budget -= Math.floor((count * count) / COLLIDING_KEYS);
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
    const detail = `the body holds more than ${this.limits.elements} values`;
    return new ThriftReadError('limit-exceeded', detail, 'elements');
  }

  /** Cutting a string from one made of all bytes takes a fraction of the time that a call into the engine takes. */
  protected ascii(at: number, to: number): string {
    if (this.end > KEPT_TEXT && to - at > COPIED_SLICE) return this.bytes.toString('latin1', at, to);
    this.text ??= this.bytes.toString('latin1', 0, this.end);
    return this.text.slice(at, to);
  }

  /** Compares a size with the limit; the bytes at hand are checked by {@link take}. */
  checkByteCount(size: number): number {
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

  /** Checks the size of a container whose elements (keys, values) have types of at least `least` bytes each, and enters it. */
  enterContainer(size: number, least: number, counted: number): void {
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a container', 'size');
    if (size * least > this.end - this.pos) throw this.truncated(size * least);
    // Structs and containers count themselves, but so many of them must fit all the same.
    if (size > this.budget) throw this.overBudget();
    this.enter(1 + size * counted);
  }
}

/**
 * The text of a range of bytes. With `lenient` U+FFFD stands for what is not UTF-8.
 *
 * @throws ThriftReadError `invalid-utf8`
 */
export function decodeUtf8(bytes: Buffer, at: number, to: number, lenient: boolean): string {
  const text = bytes.toString('utf8', at, to);
  // The engine replaces what is not UTF-8 by U+FFFD, which may also have been sent.
  if (!lenient && text.includes('\ufffd') && !isUtf8(bytes.subarray(at, to))) {
    throw new ThriftReadError('invalid-utf8', 'a string that is not UTF-8');
  }
  return text;
}
