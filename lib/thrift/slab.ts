import { toUSVString } from 'node:util';
import { ThriftWriteError } from './errors.js';

const FIRST_BYTES = 4096;
/** Equals the largest size that a Thrift length can represent. */
const MOST_BYTES = 0x7fffffff;
/** Limits the bytes of a slab that is kept for the next message. */
const KEPT_BYTES = 1024 * 1024;
/**
 * Copies strings up to this many characters in JavaScript. For longer strings a call into the
 * engine is faster.
 */
const SHORT_STRING = 16;

/**
 * Provides a growing block of memory with a position. Writers reuse the block for the next message.
 *
 * Generated encoders use the fields directly: they reserve space once per group of fields, then
 * store through `bytes` and `view`.
 */
export class Slab {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  view = new DataView(this.bytes.buffer);
  pos = 0;

  get length(): number {
    return this.pos;
  }

  toBuffer(): Buffer {
    const copy = Buffer.allocUnsafe(this.pos);
    this.bytes.copy(copy, 0, 0, this.pos);
    return copy;
  }

  toBase64(): string {
    return this.bytes.toString('base64', 0, this.pos);
  }

  reset(): void {
    this.pos = 0;
    if (this.bytes.length > KEPT_BYTES) this.use(Buffer.allocUnsafeSlow(FIRST_BYTES));
  }

  /** Ensures that `count` bytes fit after the position. Throws `ThriftWriteError` past 2 GiB. */
  reserve(count: number): void {
    if (this.pos + count > this.bytes.length) this.grow(count);
  }

  grow(count: number): void {
    const needed = this.pos + count;
    if (needed > MOST_BYTES) throw new ThriftWriteError('limit-exceeded', 'the message exceeds 2 GiB');
    const larger = Buffer.allocUnsafeSlow(Math.min(MOST_BYTES, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(larger, 0, 0, this.pos);
    this.use(larger);
  }

  /**
   * Writes a string as UTF-8 at `at`, where three bytes per character are reserved. Returns the
   * number of bytes. Throws for a lone surrogate.
   */
  putUtf8(text: string, at: number): number {
    const { length } = text;
    const { bytes } = this;
    if (length <= SHORT_STRING) {
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[at + i] = code;
      }
      if (i === length) return length;
    }
    const size = bytes.write(text, at, 'utf8');
    // A lone surrogate becomes the three bytes of U+FFFD, so a string whose byte length equals its
    // character count contains none.
    if (size !== length && toUSVString(text) !== text) {
      throw new ThriftWriteError('invalid-text', 'a string with a lone surrogate is not UTF-8 text');
    }
    return size;
  }

  private use(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
