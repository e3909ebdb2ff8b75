/** One answer of a server: a line, or the item of a `get`. */
export type Answer =
  | {
      readonly type: 'line';
      readonly text: string;
      /** True if the counters before this END are those of memcached. */
      readonly isMemcached?: boolean;
    }
  | { readonly type: 'item'; readonly body: Buffer };

/** Reports bytes that are no answer of the protocol. */
export class AnswerSyntaxError extends Error {
  override readonly name = 'AnswerSyntaxError';
}

/** Longest line in bytes. A key has at most 250 bytes, and error texts are short. */
const MAX_LINE = 8_192;
/** Largest item in bytes that this process takes into memory. */
export const MAX_ITEM_BYTES = 67_108_864;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Counter that memcached has (protocol.txt, General-purpose statistics), and no queue. */
const OF_MEMCACHED = 'STAT pointer_size ';
const VALUE = /^VALUE \S+ \d+ (\d+)$/;

/**
 * Splits the bytes of a connection into answers, at whatever places the network has cut them. An
 * item is `VALUE <key> <flags> <length>`, its bytes and `END`. The key is ignored: Kestrel and
 * Siberite leave out the options of the request. The counters of `stats` are left out, but for their
 * `END`.
 */
export class AnswerReader {
  private readonly chunks: Buffer[] = [];
  private held = 0;
  /** Bytes to wait for before the next attempt to read. */
  private wanted = 1;
  /** Length of the item whose bytes are next. */
  private itemBytes: number | undefined;
  private item: Buffer | undefined;
  private isMemcached = false;

  /** True while the bytes of an item arrive. */
  get isInItem(): boolean {
    return this.itemBytes !== undefined;
  }

  /** Length of the item whose bytes arrive. 0 outside of an item. */
  get itemLength(): number {
    return this.itemBytes ?? 0;
  }

  /**
   * Adds bytes. Hands over the answers that they complete, also those before bytes that are no answer.
   *
   * @throws AnswerSyntaxError the bytes are no answer
   */
  push(chunk: Buffer, take: (answer: Answer) => void): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    // Joins the chunks only when they may complete something, so that a large item is copied once.
    if (this.held < this.wanted) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.held);
    let at = 0;
    for (let next: number | undefined = 0; next !== undefined;) {
      at = next;
      next = this.itemBytes === undefined ? this.readLine(bytes, at, take) : this.readItem(bytes, at);
    }
    this.keep(bytes.subarray(at));
  }

  private keep(rest: Buffer): void {
    this.chunks.length = 0;
    if (rest.length > 0) this.chunks.push(rest);
    this.held = rest.length;
    this.wanted = this.itemBytes === undefined ? rest.length + 1 : this.itemBytes + 2;
  }

  /** Reads the line at `at`. Returns the place behind the line, or undefined if there is no whole line. */
  private readLine(bytes: Buffer, at: number, take: (answer: Answer) => void): number | undefined {
    const end = bytes.indexOf(LINE_FEED, at);
    const length = (end < 0 ? bytes.length : end) - at;
    if (length > MAX_LINE) throw new AnswerSyntaxError('a line without an end');
    if (end < 0) return undefined;
    const text = bytes.toString('latin1', at, end > at && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    if (this.item !== undefined) take(this.endItem(text, this.item));
    else if (text.startsWith('VALUE')) this.beginItem(text);
    else if (text.startsWith('STAT ')) this.isMemcached ||= text.startsWith(OF_MEMCACHED);
    else take(this.lineOf(text));
    return end + 1;
  }

  private lineOf(text: string): Answer {
    const { isMemcached } = this;
    this.isMemcached = false;
    return { type: 'line', text, ...(isMemcached && { isMemcached }) };
  }

  private beginItem(line: string): void {
    const length = Number(VALUE.exec(line)?.[1] ?? NaN);
    if (Number.isNaN(length)) throw new AnswerSyntaxError('a VALUE line without a length');
    if (length > MAX_ITEM_BYTES) {
      throw new AnswerSyntaxError(`an item of ${length} bytes, and this process takes up to ${MAX_ITEM_BYTES}`);
    }
    this.itemBytes = length;
  }

  /** Reads the item at `at`. Returns the place behind the item, or undefined while bytes are missing. */
  private readItem(bytes: Buffer, at: number): number | undefined {
    const end = at + this.itemBytes!;
    if (bytes.length < end + 2) return undefined;
    if (bytes[end] !== CARRIAGE_RETURN || bytes[end + 1] !== LINE_FEED) {
      throw new AnswerSyntaxError('an item whose length is wrong');
    }
    // A copy, so that a small item does not keep a large chunk in memory.
    this.item = Buffer.from(bytes.subarray(at, end));
    this.itemBytes = undefined;
    return end + 2;
  }

  private endItem(line: string, body: Buffer): Answer {
    if (line !== 'END') throw new AnswerSyntaxError('an item without END');
    this.item = undefined;
    return { type: 'item', body };
  }
}
