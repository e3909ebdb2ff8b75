import { Batcher } from '../../../queue/batcher.js';
import { QueueError } from '../../../queue/queue-error.js';
import { messageBytes, type ReceivedMessage, type WireMessage } from '../../../queue/wire-message.js';
import type { EntryResult, Queue, SendResult } from '../../../queue/queue.js';
import { openSqsQueue } from '../../../carriers/sqs/open-sqs-queue.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { CheckFailed } from '../exit.js';
import { commandBatching } from '../queue/release.js';

/** Stores messages in a queue to which they are moved. */
export interface Destination {
  readonly name: string;
  /** Resolves once a copy is stored, or with the error. Never rejects. */
  store(message: ReceivedMessage): Promise<EntryResult>;
  /** Resolves with the result that {@link store} would have, as far as it is known. Never rejects. */
  check(message: ReceivedMessage): Promise<EntryResult>;
}

/** Opens the queues to which messages are moved, each once. */
export class MoveDestinations {
  private readonly found = new Map<string, Promise<Destination>>();
  private readonly opened: Queue[] = [];

  /** @param source the queue from which messages are moved */
  constructor(private readonly source: QueueAdmin) {}

  /**
   * Finds the queue of a name, URL or ARN.
   *
   * @throws CheckFailed the queue is the source of the move
   * @throws QueueError as opening the queue does
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
      throw new CheckFailed(`queue "${this.source.name}" is the source of the messages; name another queue with --to`);
    }
    const queue = await openSqsQueue(this.source.beside(name));
    this.opened.push(queue);
    const sends = new Batcher<WireMessage, SendResult>(
      { run: (messages) => queue.send(messages), sizeOf: messageBytes },
      { ...commandBatching(queue), maxBytes: queue.limits.batchBytes },
    );
    let mayStore: Promise<EntryResult> | undefined;
    return {
      name: queue.name,
      store: (message) => sends.add(copyOf(message, queue)),
      async check(message) {
        return sizeFault(copyOf(message, queue), queue) ?? (await (mayStore ??= checkAccess(queue)));
      },
    };
  }
}

/** Returns the refusal of a copy that is larger than a queue accepts. */
function sizeFault(copy: WireMessage, { name, limits }: Queue): EntryResult | undefined {
  const bytes = messageBytes(copy);
  if (bytes <= limits.messageBytes) return undefined;
  const text = `the message has ${bytes} bytes, and queue "${name}" takes ${limits.messageBytes}. Raise MaximumMessageSize there, or choose another queue with --to.`;
  return { ok: false, error: new QueueError(text, { code: 'MessageTooLarge', kind: 'invalid', queue: name }) };
}

/** Asks a queue for the permission to send. Never rejects. */
async function checkAccess(queue: Queue): Promise<EntryResult> {
  try {
    await queue.check?.();
    return { ok: true };
  } catch (error) {
    return { ok: false, error: QueueError.from(error, queue.name) };
  }
}

/**
 * Copies a message unchanged: body, attributes of every type, group and trace header. The
 * deduplication id is new, and stays the same if the message is moved again because it could not be
 * deleted.
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
