import { randomUUID } from 'node:crypto';
import type { QueueError } from '../../queue/queue-error.js';
import type { MessageSender, QueueFeatures, QueueLimits, SendResult } from '../../queue/queue.js';
import { messageBytes, type WireMessage } from '../../queue/wire-message.js';
import { type Answer, MAX_ITEM_BYTES } from './answer-reader.js';
import { setCommand, STATS } from './commands.js';
import type { ConnectionPool } from './connection-pool.js';
import { closedError, invalid, refusal, starlingError, type Subject, unexpected } from './starling-errors.js';

/** States what both dialects promise. The leases of a connection have no time, so there are none. */
export const STARLING_FEATURES: QueueFeatures = Object.freeze({
  persistent: true,
  leases: false,
  ordered: false,
  attributes: false,
  delay: false,
  longPolling: true,
  abortableReceive: true,
  resend: true,
  body: 'bytes',
});

/**
 * Limits of this library. The servers have none that was found (32 MB and 8 MB were taken). The size
 * is that of a frame of Apache Thrift, and 64 commands in one write are five times as fast as one.
 */
export const STARLING_LIMITS: QueueLimits = Object.freeze({
  messageBytes: 16_384_000,
  batchBytes: 16_384_000,
  batchEntries: 64,
  attributes: 0,
  leaseSeconds: 0,
});

export interface SenderParts {
  readonly subject: Subject;
  readonly pool: ConnectionPool;
}

const MEMCACHED =
  'the server is a memcached, which keeps one value under a name and no queue. Give host and port of a Starling, Kestrel or Siberite.';

/** Stores messages with `set`, which is the same in both dialects. */
export class StarlingSender implements MessageSender {
  readonly features = STARLING_FEATURES;
  readonly limits = STARLING_LIMITS;
  readonly name: string;
  readonly carrier = 'starling';
  private isClosed = false;

  constructor(private readonly parts: SenderParts) {
    this.name = parts.subject.queue;
  }

  /**
   * Stores a batch in one write. Rejects if the server answered none of its messages. Then nobody
   * knows which of them it has stored.
   */
  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const { subject } = this.parts;
    if (this.isClosed) throw closedError(subject);
    checkEntries(messages, subject);
    const faults = messages.map((message) => messageFault(message, subject));
    const good = messages.filter((_, at) => faults[at] === undefined);
    const stored = (await this.store(good))[Symbol.iterator]();
    return faults.map((error) => (error ? { ok: false, error } : (stored.next().value as SendResult)));
  }

  /**
   * Asks for the counters of the server. Rejects with a QueueError if there is no answer, or if the
   * server is a memcached. It would answer STORED, and keep the last message of a queue alone.
   */
  async check(): Promise<void> {
    const { pool, subject } = this.parts;
    if (this.isClosed) throw closedError(subject);
    const connection = await pool.acquire();
    const answer = await connection.request(STATS);
    if (answer.type === 'item') throw unexpected(subject, 'the server sent an item instead of its counters');
    pool.release(connection);
    if (answer.isMemcached) throw starlingError(subject, 'NotAQueue', 'invalid', MEMCACHED);
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.parts.pool.close();
    return Promise.resolve();
  }

  private async store(messages: readonly WireMessage[]): Promise<SendResult[]> {
    if (messages.length === 0) return [];
    const { pool, subject } = this.parts;
    const connection = await pool.acquire();
    const commands = messages.map(({ body }) => setCommand(subject.queue, body as Uint8Array));
    const { answers, failure } = await connection.requestAll(commands);
    // Without any answer the request failed as a whole.
    if (answers.length === 0) throw failure!;
    const results = commands.map((_, at): SendResult => {
      const answer = answers[at];
      const error = answer === undefined ? failure : storeFault(answer, subject);
      return error === undefined ? { ok: true, id: randomUUID() } : { ok: false, error };
    });
    pool.release(connection);
    return results;
  }
}

/** Returns the error for an answer to `set`. Undefined if the body is stored. */
export function storeFault(answer: Answer, subject: Subject): QueueError | undefined {
  const text = answer.type === 'line' ? answer.text : 'an item';
  return text === 'STORED' ? undefined : refusal(subject, 'set', text);
}

/** @throws QueueError the number of entries is not acceptable */
export function checkEntries(entries: readonly unknown[], subject: Subject): void {
  const { batchEntries } = STARLING_LIMITS;
  if (entries.length > 0 && entries.length <= batchEntries) return;
  throw invalid(subject, 'WrongNumberOfEntries', `a batch has 1 to ${batchEntries} entries, not ${entries.length}.`);
}

/** Returns the error for a message that the protocol cannot carry, or undefined. */
function messageFault(message: WireMessage, subject: Subject): QueueError | undefined {
  const { body, attributes = {}, delaySeconds = 0 } = message;
  if (typeof body === 'string') return invalid(subject, 'TextBody', 'a body must be bytes.');
  // Siberite stores an empty item, and loses it at the next get.
  if (body.length === 0) return invalid(subject, 'EmptyBody', 'a body must not be empty.');
  if (Object.keys(attributes).length > 0) return invalid(subject, 'AttributesRefused', 'an item has no attributes.');
  if (delaySeconds > 0) return invalid(subject, 'DelayRefused', 'an item has no delay.');
  const bytes = messageBytes(message);
  // A copy of an item that was read must find room in an error queue.
  const most = message.original === undefined ? STARLING_LIMITS.messageBytes : MAX_ITEM_BYTES;
  return bytes > most ? invalid(subject, 'BodyTooLong', `a body has up to ${most} bytes, not ${bytes}.`) : undefined;
}
