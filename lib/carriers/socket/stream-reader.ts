import { ThriftReadError } from '../../thrift/errors.js';
import type { ProtocolName } from '../../thrift/protocol.js';
import { createScanner } from '../../thrift/scan/create-scanner.js';
import type { MessageScanner } from '../../thrift/scan/message-scanner.js';
import { ByteQueue } from './byte-queue.js';
import { refusedBroken, refusedHeader, refusedLength, refusedMessage, refusedStart } from './refusal.js';

/** Bytes of the length before a frame, and of the word by which a stream is recognized. */
const WORD = 4;

/** First 16 bits inside of a frame with THeader (`doc/specs/HeaderFormat.md`). */
const THEADER = 0x0fff;

/** White space that may follow a message of the JSON protocol. */
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Reads the next message off a queue. Returns undefined while bytes are missing. */
interface Framing {
  next(queue: ByteQueue): Buffer | undefined;
}

/**
 * Cuts a stream into the bodies of messages. Recognizes by the first bytes of the stream whether
 * messages have frames, as Apache's THeaderTransport does, and the protocol of messages without
 * frames. The largest length is below every word that begins something else: TLS, HTTP or JSON.
 */
export class StreamReader {
  private readonly queue = new ByteQueue();
  private framing: Framing | undefined;

  /** @param maxFrameBytes largest frame, or message without a frame; at most 256 MiB */
  constructor(private readonly maxFrameBytes: number) {}

  /** Bytes that are not part of a message yet. */
  get buffered(): number {
    return this.queue.length;
  }

  /** True if the sender frames its messages, so that answers have frames as well. */
  get isFramed(): boolean {
    return this.framing instanceof Frames;
  }

  push(chunk: Buffer): void {
    this.queue.append(chunk);
  }

  /**
   * Returns the body of the next message, which may hold several calls. Undefined while bytes are
   * missing.
   *
   * @throws Refusal the stream has no boundaries that can be known
   */
  next(): Buffer | undefined {
    this.framing ??= this.recognize();
    return this.framing?.next(this.queue);
  }

  /** Recognizes the stream by its first bytes. Undefined while they are missing. */
  private recognize(): Framing | undefined {
    const { bytes, start, length } = this.queue;
    if (length === 0) return undefined;
    const first = bytes[start]!;
    if (first === 0x5b) return this.unframed('json');
    if (length < 2) return undefined;
    const second = bytes[start + 1]!;
    if (first === 0x80 && second === 0x01) return this.unframed('binary');
    if (first === 0x82 && (second & 0x1f) === 1) return this.unframed('compact');
    if (length < WORD) return undefined;
    if (bytes.readUInt32BE(start) > this.maxFrameBytes) {
      throw refusedStart(bytes.subarray(start, start + WORD), this.maxFrameBytes);
    }
    return new Frames(this.maxFrameBytes);
  }

  private unframed(protocol: ProtocolName): Framing {
    return new Messages(createScanner(protocol), this.maxFrameBytes, protocol === 'json' ? BLANKS : new Set());
  }
}

/** Reads frames, of any protocol. Ignores empty frames, as Apache's Go servers do. */
class Frames implements Framing {
  constructor(private readonly maxFrameBytes: number) {}

  next(queue: ByteQueue): Buffer | undefined {
    while (queue.length >= WORD) {
      const { bytes, start } = queue;
      const length = bytes.readUInt32BE(start);
      if (length > this.maxFrameBytes) throw refusedLength(bytes.subarray(start, start + WORD), this.maxFrameBytes);
      if (length >= 2 && queue.length >= WORD + 2 && bytes.readUInt16BE(start + WORD) === THEADER)
        throw refusedHeader();
      if (queue.length < WORD + length) return undefined;
      queue.drop(WORD);
      if (length > 0) return queue.take(length);
    }
    return undefined;
  }
}

/** Reads messages without frames, all of one protocol. */
class Messages implements Framing {
  constructor(
    private readonly scanner: MessageScanner,
    private readonly maxBytes: number,
    private readonly ignored: ReadonlySet<number>,
  ) {}

  next(queue: ByteQueue): Buffer | undefined {
    if (this.scanner.leastLength === 0) this.dropIgnored(queue);
    const length = this.scan(queue);
    const least = length ?? this.scanner.leastLength;
    if (least > this.maxBytes) throw refusedMessage(least, this.maxBytes);
    return length === undefined ? undefined : queue.take(length);
  }

  private dropIgnored(queue: ByteQueue): void {
    let count = 0;
    while (count < queue.length && this.ignored.has(queue.bytes[queue.start + count]!)) count += 1;
    if (count > 0) queue.drop(count);
  }

  private scan({ bytes, start, end }: ByteQueue): number | undefined {
    try {
      return this.scanner.scan(bytes, start, end);
    } catch (error) {
      if (error instanceof ThriftReadError) throw refusedBroken(error.detail);
      throw error;
    }
  }
}
