import { isUtf8 } from 'node:buffer';
import { ThriftReadError } from './errors.js';
import { KeyCollisions, UNWATCHED_KEYS } from './key-collisions.js';
import {
  CALL_COST,
  listCost,
  OPEN_CONTAINERS,
  type ThriftLimits,
  TOO_MANY_OPEN,
  tooDeep,
  tooLong,
  tooMany,
} from './limits.js';

/**
 * V8 copies slices of up to this many characters. A longer slice keeps the string it was cut from
 * in memory.
 */
const COPIED_SLICE = 12;
/** Limits the message size, in bytes, that a string cut from the message may keep in memory. */
const KEPT_TEXT = 8192;

/**
 * Views of the memory that the last small message was read from. Small Buffers share memory (Node's
 * `Buffer.poolSize`), and a view costs as much as reading several strings.
 */
let shared = viewsOf(new ArrayBuffer(0));
/** Limits the memory that `shared` keeps alive, in bytes. */
const SHARED_MEMORY = 8192;

interface Views {
  readonly buffer: ArrayBufferLike;
  readonly bytes: Buffer;
  readonly view: DataView;
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return { buffer, bytes: Buffer.from(buffer), view: new DataView(buffer) };
}

/**
 * Tracks a position in the bytes of one or more messages, and the remaining limits.
 *
 * Generated decoders use the fields directly. They must check against `end` before they read
 * through `bytes` or `view`: with `shares` both reach beyond the message, on both sides.
 */
export class ByteCursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Offset in `bytes` behind the last byte of the last message. */
  readonly end: number;
  /** Offset in `bytes` of the next byte. */
  pos: number;
  /** Counts the structs that are open. */
  depth = 0;
  /** Counts the lists, sets and maps that are open. */
  open = 0;
  /** Elements that are left for the rest of the body. */
  budget: number;
  private calls = 0;
  private readonly start: number;
  private text: string | undefined = undefined;

  constructor(
    bytes: Uint8Array,
    readonly limits: ThriftLimits,
    /** True if U+FFFD replaces bytes that are not UTF-8. */
    readonly lenient: boolean,
    /** True if `bytes` and `view` may reach beyond the message. */
    shares: boolean,
  ) {
    const { buffer, byteOffset, byteLength } = bytes;
    const isSmall = shares && buffer.byteLength <= SHARED_MEMORY;
    if (isSmall && buffer !== shared.buffer) shared = viewsOf(buffer);
    this.bytes = isSmall ? shared.bytes : Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength);
    this.view = isSmall ? shared.view : new DataView(buffer, byteOffset, byteLength);
    this.pos = this.start = isSmall ? byteOffset : 0;
    this.end = this.start + byteLength;
    this.budget = limits.elements;
  }

  startMessage(): void {
    this.depth = this.open = 0;
    const { calls } = this.limits;
    if (++this.calls > calls) {
      throw new ThriftReadError('limit-exceeded', `the body holds more than ${calls} calls (limits.calls)`, 'calls');
    }
    this.charge(CALL_COST, 'a call');
  }

  /** Enters a struct that costs so many elements. */
  enter(cost: number): void {
    const { limits } = this;
    if (++this.depth > limits.depth) throw new ThriftReadError('limit-exceeded', tooDeep(limits), 'depth');
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget('a struct', cost);
  }

  /** Deducts the cost of what is about to be made. */
  charge(cost: number, what: string): void {
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget(what, cost);
  }

  /** Refuses a container whose `size` elements cost at least so much. */
  afford(cost: number, size: number): void {
    if (cost > this.budget) {
      const detail = tooMany(this.limits, `a container of ${size} elements`, cost, this.budget);
      throw new ThriftReadError('limit-exceeded', detail, 'elements');
    }
  }

  /** Watches the keys of a map or set. Undefined if it is small. */
  watchKeys(size: number, isI64: boolean): KeyCollisions | undefined {
    return size > UNWATCHED_KEYS ? new KeyCollisions(this, size, isI64) : undefined;
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

  private overBudget(what: string, cost: number): ThriftReadError {
    return new ThriftReadError('limit-exceeded', tooMany(this.limits, what, cost, this.budget + cost), 'elements');
  }

  /**
   * Slices ASCII text from one string of all bytes, which takes a fraction of the time of a call
   * into the engine.
   */
  protected ascii(at: number, to: number): string {
    const { bytes, start, end } = this;
    if (end - start > KEPT_TEXT && to - at > COPIED_SLICE) return bytes.toString('latin1', at, to);
    this.text ??= bytes.toString('latin1', start, end);
    return this.text.slice(at - start, to - start);
  }

  /** Checks a size against the limit. {@link take} checks the size against the remaining bytes. */
  checkByteCount(size: number): number {
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a string or binary', 'size');
    if (size > this.limits.stringBytes) {
      throw new ThriftReadError('limit-exceeded', tooLong(this.limits), 'stringBytes');
    }
    return size;
  }

  /**
   * Checks the size of a container and enters it. Each element, or each key with its value, takes
   * at least `least` bytes. `counted` is 1 for base-typed elements, and 2 if keys and values are.
   */
  enterContainer(size: number, least: number, counted: number): void {
    if (size < 0) throw new ThriftReadError('limit-exceeded', 'negative size of a container', 'size');
    if (size * least > this.end - this.pos) throw this.truncated(size * least);
    if (++this.open > OPEN_CONTAINERS) throw new ThriftReadError('limit-exceeded', TOO_MANY_OPEN, 'depth');
    // Structs and containers count themselves later, but this many of them must fit the budget.
    if (size > this.budget) throw this.overBudget(`a container of ${size} elements`, size);
    const cost = listCost(size) + size * counted;
    this.budget -= cost;
    if (this.budget < 0) throw this.overBudget(`a container of ${size} elements`, cost);
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
