import { QueueError } from '../../queue/queue-error.js';
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

/** Answers to several questions for an item. */
export interface TakenItems {
  readonly items: readonly TakenItem[];
  /** Why a question has no answer. */
  readonly failure: QueueError | undefined;
}

/** Takes items and ends them, in one dialect. */
export interface ItemSource {
  /**
   * Asks for `count` items. Returns fewer if the queue has no more. Waits up to `waitMs` for each at
   * the server, if the server can. Never rejects.
   */
  take(count: number, waitMs: number): Promise<TakenItems>;
  /**
   * Takes a handled item out of the queue for good. Resolves with the next item if `takesNext` is
   * true, the dialect can do both with one command, and the queue has another item.
   */
  finish(item: TakenItem, takesNext: boolean): Promise<TakenItem | undefined>;
  /** Puts an item back into its queue at the server. */
  putBack(item: TakenItem): Promise<void>;
}

/**
 * Opens items: the server holds an open item for its connection, one for each. The end of the
 * connection puts the item back at the head of the queue.
 */
export class KestrelItems implements ItemSource {
  private readonly open: Buffer;
  private readonly close: Buffer;
  private readonly closeAndOpen: Buffer;
  private readonly abort: Buffer;

  constructor(private readonly parts: SenderParts) {
    const { queue } = parts.subject;
    this.open = getCommand(queue, '/open');
    this.close = getCommand(queue, '/close');
    this.closeAndOpen = getCommand(queue, '/close/open');
    this.abort = getCommand(queue, '/abort');
  }

  async take(count: number, waitMs: number): Promise<TakenItems> {
    const { subject } = this.parts;
    const items: TakenItem[] = [];
    let failure: QueueError | undefined;
    const take = async (): Promise<void> => {
      try {
        const item = await this.takeOne(waitMs);
        if (item !== undefined) items.push(item);
      } catch (error) {
        failure ??= QueueError.from(error, subject.queue);
      }
    };
    await Promise.all(Array.from({ length: count }, take));
    return { items, failure };
  }

  async finish({ connection }: TakenItem, takesNext: boolean): Promise<TakenItem | undefined> {
    if (!takesNext) return void (await this.end(connection, this.close));
    const answer = await this.ask(connection, this.closeAndOpen);
    return this.opened(answer, connection!);
  }

  async putBack({ connection }: TakenItem): Promise<void> {
    try {
      await this.end(connection, this.abort);
    } catch {
      // The end of the connection puts the item back as well.
      connection?.destroy(starlingError(this.parts.subject, 'ItemPutBack', 'network', 'the item was put back.'));
    }
  }

  private async takeOne(waitMs: number): Promise<TakenItem | undefined> {
    const { pool, subject } = this.parts;
    const connection = await pool.acquire();
    const command = waitMs > 0 ? getCommand(subject.queue, `/t=${waitMs}/open`) : this.open;
    return this.opened(await connection.request(command, { waitMs }), connection);
  }

  /** Returns the item that a command has opened on a connection. Releases the connection without one. */
  private opened(answer: Answer, connection: StarlingConnection): TakenItem | undefined {
    const { pool, subject } = this.parts;
    const body = itemOf(answer, subject, connection);
    if (body !== undefined) return { body, connection };
    pool.release(connection);
    return undefined;
  }

  private async end(connection: StarlingConnection | undefined, command: Buffer): Promise<void> {
    const { subject, pool } = this.parts;
    const answer = await this.ask(connection, command);
    if (answer.type === 'line' && answer.text === 'END') return pool.release(connection!);
    const error = refusal(subject, command.toString().trim(), answer.type === 'line' ? answer.text : 'an item');
    connection!.destroy(error);
    throw error;
  }

  private async ask(connection: StarlingConnection | undefined, command: Buffer): Promise<Answer> {
    if (connection === undefined || connection.isClosed) throw returned(this.parts.subject);
    return connection.request(command);
  }
}

/** Takes items out of their queue for good. Only this process knows them from then on. */
export class StarlingItems implements ItemSource {
  private readonly get: Buffer;

  constructor(private readonly parts: SenderParts) {
    this.get = getCommand(parts.subject.queue);
  }

  /** Asks in one write. If the connection ends, the items of the answers that did not come are lost. */
  async take(count: number): Promise<TakenItems> {
    const { pool, subject } = this.parts;
    const items: TakenItem[] = [];
    try {
      const connection = await pool.acquire();
      const { answers, failure } = await connection.requestAll(Array<Buffer>(count).fill(this.get));
      for (const answer of answers) {
        if (answer.type === 'item') items.push({ body: answer.body, connection: undefined });
      }
      // Throws for any answer that a get does not have. The items behind it are in hand all the same.
      for (const answer of answers) itemOf(answer, subject, connection);
      pool.release(connection);
      return { items, failure };
    } catch (error) {
      return { items, failure: QueueError.from(error, subject.queue) };
    }
  }

  finish(): Promise<undefined> {
    return Promise.resolve(undefined);
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
