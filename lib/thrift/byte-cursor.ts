import { isUtf8 } from 'node:buffer';
import { ThriftReadError } from './errors.js';
import type { ReadLimits } from './limits.js';

/**
 * V8 copies slices of up to this many characters. A longer slice keeps the string it was cut from
 * in memory.
 */
const COPIED_SLICE = 12;
/** Limits the message size, in bytes, that a string cut from the message may keep in memory. */
const KEPT_TEXT = 8192;

/** Charges each message for its handler call, which costs more than a value. */
const MESSAGE_VALUES = 10;
/**
 * Equals the number of colliding keys in one map or set that cost about as much as the same number
 * of values.
 */
const COLLIDING_KEYS = 1024;

/**
 * Tracks a position in the bytes of one or more messages, and the remaining limits.
 *
 * Generated decoders use the fields directly. They must check against `end` before they read
 * through `bytes` or `view`.
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
    /** True if U+FFFD replaces bytes that are not UTF-8. */
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

  /** Enters one nesting level and deducts `values` from the budget. */
  enter(values: number): void {
    const { limits } = this;
    if (++this.depth > limits.depth) {
      throw new ThriftReadError('limit-exceeded', `nested deeper than ${limits.depth} levels`, 'depth');
    }
    this.budget -= values;
    if (this.budget < 0) throw this.overBudget();
  }

  /**
   * Charges the extra cost of `count` numeric keys in one map or set. The engine hashes numbers
   * without a seed, so a sender can choose keys that all collide. A Map of n colliding keys takes
   * n² steps to fill.
   */
  chargeKeys(count: number): void {
    this.budget -= Math.floor((count * count) / COLLIDING_KEYS);
    if (this.budget < 0) throw this.overBudget();
  }

  /** Moves past `count` bytes and returns their offset. */
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

  /**
   * Slices ASCII text from one string of all bytes, which takes a fraction of the time of a call
   * into the engine.
   */
  protected ascii(at: number, to: number): string {
    if (this.end > KEPT_TEXT && to - at > COPIED_SLICE) return this.bytes.toString('latin1', at, to);
    this.text ??= this.bytes.toString('latin1', 0, this.end);
    return this.text.slice(at, to);
  }

  /** Checks a size against the limit. {@link take} checks the size against the remaining bytes. */
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

  /**
   * Checks the size of a container and enters it. Each element, or each key with its value, takes
   * at least `least` bytes.
   */
  enterContainer(size: number, least: number, counted: number): void {
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a container', 'size');
    if (size * least > this.end - this.pos) throw this.truncated(size * least);
    // Structs and containers count themselves later, but this many of them must fit the budget.
    if (size > this.budget) throw this.overBudget();
    this.enter(1 + size * counted);
  }
}

/**
 * Decodes a range of bytes as UTF-8. `lenient` replaces bytes that are not UTF-8 by U+FFFD.
 *
 * @throws ThriftReadError `invalid-utf8`
 */
export function decodeUtf8(bytes: Buffer, at: number, to: number, lenient: boolean): string {
  const text = bytes.toString('utf8', at, to);
  // The engine replaces invalid bytes by U+FFFD, but the sender may also have sent U+FFFD.
  if (!lenient && text.includes('\ufffd') && !isUtf8(bytes.subarray(at, to))) {
    throw new ThriftReadError('invalid-utf8', 'a string that is not UTF-8');
  }
  return text;
}
