import { ByteCursor, decodeUtf8 } from './byte-cursor.js';
import type { ThriftLimits } from './limits.js';
import { NO_BYTES } from './no-bytes.js';

/** Checks strings up to this many bytes for ASCII in JavaScript. */
const SHORT_STRING = 128;
/** Copies up to this many bytes in JavaScript. */
const SHORT_COPY = 64;
/** Masks the bits of four bytes that no ASCII character has. */
const HIGH_BITS = 0x80808080;

/** Reads the length-prefixed values and UUIDs that all byte protocols share. */
export abstract class Cursor extends ByteCursor {
  constructor(bytes: Uint8Array, limits: ThriftLimits, lenient = false) {
    super(bytes, limits, lenient, true);
  }

  readString(): string {
    const size = this.readByteCount();
    const at = this.take(size);
    const { bytes, view } = this;
    const to = at + size;
    if (size <= SHORT_STRING) {
      let i = at;
      while (i + 4 <= to && (view.getInt32(i) & HIGH_BITS) === 0) i += 4;
      while (i < to && (bytes[i] as number) < 128) i++;
      if (i === to) return this.ascii(at, to);
    }
    return decodeUtf8(bytes, at, to, this.lenient);
  }

  readBinary(): Buffer {
    const size = this.readByteCount();
    const at = this.take(size);
    // Copy the bytes, because the next message may reuse the buffer.
    return this.copy(at, size);
  }

  /** Copies bytes. A loop is faster than a call into the engine for a few of them. */
  protected copy(at: number, size: number): Buffer {
    if (size === 0) return NO_BYTES;
    const { bytes } = this;
    const copy = Buffer.allocUnsafe(size);
    if (size > SHORT_COPY) bytes.copy(copy, 0, at, at + size);
    else for (let i = 0; i < size; i += 1) copy[i] = bytes[at + i]!;
    return copy;
  }

  readUuid(): string {
    const at = this.take(16);
    const hex = this.bytes.toString('hex', at, at + 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Reads the size before a string or binary, and checks the size with {@link checkByteCount}. */
  abstract readByteCount(): number;
}
