import { messageOf } from '../../diagnostics/error-text.js';
import { type ClientState, liveTransports } from '../../diagnostics/transport-state.js';
import type { Publisher } from '../../publish/publisher.js';
import { signalCounter } from '../signals.js';
import { stopping, type StoppingParts } from '../stopping.js';
import type { MessageSender } from '../../queue/queue.js';
import type { QueueError } from '../../queue/queue-error.js';

/** Name of a queue in the contract; undefined for the queue of methods without a name. */
type QueueName = string | undefined;

export interface ClientQueuesParts extends Pick<StoppingParts, 'clock' | 'logger'> {
  readonly client: { readonly state: ClientState; readonly whenSent: () => Promise<void> };
}

/** Holds the open queues of a client, and which of them do not answer. */
export class ClientQueues {
  private readonly senders = new Map<QueueName, MessageSender>();
  private readonly down = new Set<QueueName>();
  private endWatch: (() => void) | undefined;
  private closing = false;
  private closed = false;

  constructor(private readonly parts: ClientQueuesParts) {}

  /** Opens a queue. From now on the process counts the client among the live ones, until it is closed. */
  async open(name: QueueName, open: () => Promise<MessageSender>): Promise<MessageSender> {
    if (!this.closing) liveTransports().clients.add(this.parts.client);
    return this.opened(name, await open());
  }

  /** Describes the client at this moment. */
  state(publisher: Publisher): ClientState {
    const { states } = publisher;
    const failure = this.closed ? undefined : states.find((buffer) => !buffer.up)?.failure;
    const queues = states.map(({ queue, up, bufferedCalls, bufferedBytes }) => ({
      queue,
      up,
      bufferedCalls,
      bufferedBytes,
    }));
    return { status: this.statusOf(failure), queues, failure: failure && messageOf(failure) };
  }

  /** Notes that a queue is open, so that a close may have something to wait for. */
  private opened(name: QueueName, sender: MessageSender): MessageSender {
    this.senders.set(name, sender);
    this.endWatch ??= signalCounter().watch();
    return sender;
  }

  /** Closes the publisher of the client. Says what it waits for, and ends the wait at a second signal. */
  async close(publisher: Publisher): Promise<void> {
    this.closing = true;
    const parts = { ...this.parts, waitsFor: () => publisher.waitsFor() };
    try {
      await stopping(parts, (hurry) => publisher.close(hurry));
    } finally {
      this.endWatch?.();
      this.closed = true;
      liveTransports().clients.delete(this.parts.client);
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

  private statusOf(failure: QueueError | undefined): ClientState['status'] {
    if (this.closed) return 'stopped';
    if (failure) return 'down';
    return this.senders.size === 0 ? 'starting' : 'up';
  }
}
