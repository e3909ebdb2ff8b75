const EMPTY: Buffer = Buffer.alloc(0);

/** Least capacity of a buffer that grows. */
const LEAST = 1_024;

/**
 * Joins chunks of a stream. Copies each byte a bounded number of times on average, however small the
 * chunks are. Keeps at most four times the bytes that it holds.
 */
export class ByteQueue {
  /** Bytes that were copied so far. */
  copied = 0;
  private buffer = EMPTY;
  private from = 0;
  private to = 0;
  /** True if the buffer is this queue's own, so that bytes can be appended behind `to`. */
  private isOwn = false;

  /** The bytes between {@link start} and {@link end}. */
  get bytes(): Buffer {
    return this.buffer;
  }

  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  get length(): number {
    return this.to - this.from;
  }

  append(chunk: Buffer): void {
    if (this.length === 0) return this.adopt(chunk);
    if (!this.isOwn || this.buffer.length - this.to < chunk.length) this.grow(chunk.length);
    chunk.copy(this.buffer, this.to);
    this.copied += chunk.length;
    this.to += chunk.length;
  }

  /** Drops `count` bytes at the front. */
  drop(count: number): void {
    this.from += count;
    if (this.length === 0) this.adopt(EMPTY);
    else if (this.buffer.length > LEAST && this.length * 4 < this.buffer.length) this.compact();
  }

  /**
   * Returns the first `count` bytes and drops them. Copies a part of a much larger buffer, which the
   * part would keep in memory.
   */
  take(count: number): Buffer {
    const part = this.buffer.subarray(this.from, this.from + count);
    const isMost = count * 2 >= this.buffer.length;
    if (!isMost) this.copied += count;
    const taken = isMost ? part : Buffer.from(part);
    this.drop(count);
    return taken;
  }

  private adopt(chunk: Buffer): void {
    this.buffer = chunk;
    this.from = 0;
    this.to = chunk.length;
    this.isOwn = false;
  }

  /** Frees a buffer of which little is left. */
  private compact(): void {
    this.copied += this.length;
    this.adopt(Buffer.from(this.buffer.subarray(this.from, this.to)));
  }

  private grow(more: number): void {
    const held = this.buffer.subarray(this.from, this.to);
    const grown = Buffer.allocUnsafeSlow(Math.max(LEAST, held.length * 2, held.length + more));
    held.copy(grown);
    this.copied += held.length;
    this.buffer = grown;
    this.from = 0;
    this.to = held.length;
    this.isOwn = true;
  }
}
