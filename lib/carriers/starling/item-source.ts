import type { QueueError } from '../../queue/queue-error.js';
import type { Answer } from './answer-reader.js';
import { getCommand, setCommand } from './commands.js';
import { refusal, starlingError, type Subject } from './starling-errors.js';
import type { StarlingConnection } from './starling-connection.js';
import { type SenderParts, storeFault } from './starling-sender.js';

/** An item that this process has taken out of its queue. */
export interface TakenItem {
  readonly body: Buffer;
  /** The connection on which the server holds the item. Undefined if the server has forgotten it. */
  readonly connection: StarlingConnection | undefined;
}

/** Takes items and ends them, in one dialect. */
export interface ItemSource {
  /**
   * Takes the next item. Waits up to `waitMs` at the server, if the server can. Undefined if the
   * queue is empty.
   */
  take(waitMs: number): Promise<TakenItem | undefined>;
  /** Takes a handled item out of the queue for good. */
  finish(item: TakenItem): Promise<void>;
  /** Puts an item back into its queue at the server. */
  putBack(item: TakenItem): Promise<void>;
}

/**
 * Opens items: the server holds an open item for its connection, one for each. The end of the
 * connection puts the item back at the head of the queue.
 */
export class KestrelItems implements ItemSource {
  constructor(private readonly parts: SenderParts) {}

  async take(waitMs: number): Promise<TakenItem | undefined> {
    const { pool, subject } = this.parts;
    const connection = await pool.acquire();
    const options = waitMs > 0 ? `/t=${waitMs}/open` : '/open';
    const body = itemOf(await connection.request(getCommand(subject.queue, options), { waitMs }), subject, connection);
    if (body !== undefined) return { body, connection };
    pool.release(connection);
    return undefined;
  }

  finish(item: TakenItem): Promise<void> {
    return this.end(item, '/close');
  }

  async putBack(item: TakenItem): Promise<void> {
    try {
      await this.end(item, '/abort');
    } catch {
      // The end of the connection puts the item back as well.
      item.connection?.destroy(starlingError(this.parts.subject, 'ItemPutBack', 'network', 'the item was put back.'));
    }
  }

  private async end({ connection }: TakenItem, option: '/close' | '/abort'): Promise<void> {
    const { subject, pool } = this.parts;
    if (connection === undefined || connection.isClosed) throw returned(subject);
    const answer = await connection.request(getCommand(subject.queue, option));
    if (answer.type === 'line' && answer.text === 'END') return pool.release(connection);
    const error = refusal(subject, `get …${option}`, answer.type === 'line' ? answer.text : 'an item');
    connection.destroy(error);
    throw error;
  }
}

/** Takes items out of their queue for good. Only this process knows them from then on. */
export class StarlingItems implements ItemSource {
  constructor(private readonly parts: SenderParts) {}

  async take(): Promise<TakenItem | undefined> {
    const { pool, subject } = this.parts;
    const connection = await pool.acquire();
    const body = itemOf(await connection.request(getCommand(subject.queue)), subject, connection);
    pool.release(connection);
    return body === undefined ? undefined : { body, connection: undefined };
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  async putBack({ body }: TakenItem): Promise<void> {
    const { pool, subject } = this.parts;
    const connection = await pool.acquire();
    const fault = storeFault(await connection.request(setCommand(subject.queue, body)), subject);
    pool.release(connection);
    if (fault) throw fault;
  }
}

/**
 * Returns the body of an answer to `get`. Undefined if the queue is empty. Closes the connection after
 * any other answer, which may be that of another command.
 */
function itemOf(answer: Answer, subject: Subject, connection: StarlingConnection): Buffer | undefined {
  if (answer.type === 'item') return answer.body;
  if (answer.text === 'END') return undefined;
  const error = refusal(subject, 'get', answer.text);
  connection.destroy(error);
  throw error;
}

/** Builds the error for an item that the server has put back, so that another worker may have it. */
export function returned(subject: Subject): QueueError {
  const text = 'the connection of the item has ended, so the server has put the item back. It will be delivered again.';
  return starlingError(subject, 'ConnectionLost', 'lease-lost', text);
}
