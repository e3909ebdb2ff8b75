import { Batcher } from '../../../queue/batcher.js';
import { systemClock } from '../../../queue/clock.js';
import { messageBytes, type ReceivedMessage, type WireMessage } from '../../../queue/wire-message.js';
import type { EntryResult, Queue, SendResult } from '../../../queue/queue.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { commandRetryOptions } from '../queue/release.js';

/** A queue that messages are moved to. */
export interface Destination {
  readonly name: string;
  /** Resolves once a copy is stored, or with the error. Never rejects. */
  store(message: ReceivedMessage): Promise<EntryResult>;
}

/** The queues that messages are moved to, each opened once. */
export class MoveDestinations {
  private readonly found = new Map<string, Promise<Destination>>();
  private readonly opened: Queue[] = [];

  /** @param source the queue that they are moved out of */
  constructor(private readonly source: QueueAdmin) {}

  /**
   * The queue of a name, URL or ARN.
   *
   * @throws CheckFailed it is the one that messages are moved out of
   * @throws QueueError as opening it does
   */
  find(queue: string): Promise<Destination> {
    const known = this.found.get(queue) ?? this.open(queue);
    this.found.set(queue, known);
    return known;
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((queue) => queue.close()));
  }

  private async open(name: string): Promise<Destination> {
    if (this.source.isItself(name)) {
      throw new CheckFailed(`queue "${this.source.name}" is where the messages are; give another one with --to`);
    }
    const queue = await openSqsQueue(this.source.beside(name));
    this.opened.push(queue);
    const sends = new Batcher<WireMessage, SendResult>({
      ...commandRetryOptions(queue),
      clock: systemClock,
      maxBytes: queue.limits.batchBytes,
      sizeOf: messageBytes,
      run: (messages) => queue.send(messages),
    });
    return { name: queue.name, store: (message) => sends.add(copyOf(message, queue)) };
  }
}

/**
 * Copies a message as it is: body, attributes of every type, group and trace header. No earlier
 * message had its deduplication id. The id stays the same should this message be moved again because
 * it could not be deleted.
 */
function copyOf(message: ReceivedMessage, { features }: Pick<Queue, 'features'>): WireMessage {
  const { id, body, attributes, groupId } = message;
  return {
    body,
    attributes,
    original: message,
    ...(groupId !== undefined && { groupId }),
    ...(features.ordered && { groupId: groupId ?? id, deduplicationId: `redrive-${id}` }),
  };
}
