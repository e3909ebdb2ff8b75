import type { Publisher } from '../../publish/publisher.js';
import { signalCounter } from '../signals.js';
import { stopping, type StoppingParts } from '../stopping.js';
import type { MessageSender } from '../../queue/queue.js';

/** Name of a queue in the contract; undefined for the queue of methods without a name. */
type QueueName = string | undefined;

/** Holds the open queues of a client, and which of them do not answer. */
export class ClientQueues {
  private readonly senders = new Map<QueueName, MessageSender>();
  private readonly down = new Set<QueueName>();
  private endWatch: (() => void) | undefined;

  constructor(private readonly parts: Pick<StoppingParts, 'clock' | 'logger'>) {}

  /** Notes that a queue is open, so that a close may have something to wait for. */
  opened(name: QueueName, sender: MessageSender): MessageSender {
    this.senders.set(name, sender);
    this.endWatch ??= signalCounter().watch();
    return sender;
  }

  /** Closes the publisher of the client. Says what it waits for, and ends the wait at a second signal. */
  async close(publisher: Publisher): Promise<void> {
    const parts = { ...this.parts, waitsFor: () => publisher.waitsFor() };
    try {
      await stopping(parts, (hurry) => publisher.close(hurry));
    } finally {
      this.endWatch?.();
    }
  }

  /** Notes the state of a queue. Returns the state of the client: `down` while any queue is down. */
  note(name: QueueName, isUp: boolean): 'up' | 'down' {
    if (isUp) this.down.delete(name);
    else this.down.add(name);
    return this.down.size > 0 ? 'down' : 'up';
  }

  /**
   * Returns the open queue of a contract with one queue, or else a map of all open queues.
   *
   * @throws Error no queue is open yet
   */
  unwrap(queues: number): MessageSender | ReadonlyMap<QueueName, MessageSender> {
    const [first] = this.senders.values();
    if (!first) throw new Error('no queue is open yet; await client.connect() first');
    return queues === 1 ? first : this.senders;
  }
}
