import { QueueError } from '../../queue/queue-error.js';
import type {
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
} from '../../queue/queue.js';
import { sharedAny, sharedController } from '../../queue/shared-signal.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';
import type { PendingSender } from './queue-watch.js';

/** Configures one end of a queue in memory. */
export interface QueueEndOptions {
  /** Names the calls that the owner of the end has not sent yet. Default: no calls. */
  readonly pending?: PendingSender;
  /** Runs once, when the end is closed. */
  readonly onClose?: () => void;
}

/** One of several ends of a queue. Closing an end leaves the queue to the other ends. */
export class QueueEnd implements Queue, PendingSender {
  readonly name: string;
  readonly carrier: string | undefined;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy | 'unknown';
  private readonly closing = sharedController();

  /** @param ends all open ends of the queue, to which this end adds itself */
  constructor(
    private readonly queue: Queue,
    private readonly options: QueueEndOptions,
    private readonly ends: Set<QueueEnd>,
  ) {
    ends.add(this);
    this.name = queue.name;
    this.carrier = queue.carrier;
    this.features = queue.features;
    this.limits = queue.limits;
    if (queue.redrive !== undefined) this.redrive = queue.redrive;
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    return this.open().send(messages);
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const signal = sharedAny([this.closing.signal, ...(options.signal ? [options.signal] : [])]);
    try {
      return await this.open().receive({ ...options, signal });
    } catch (error) {
      throw this.isClosed ? this.closedError() : error;
    }
  }

  async acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.open().acknowledge(messages);
  }

  async discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.open().discard(discards);
  }

  async release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.open().release(releases);
  }

  async extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.open().extend(extensions);
  }

  close(): Promise<void> {
    if (!this.isClosed) {
      this.closing.abort();
      this.ends.delete(this);
      this.options.onClose?.();
    }
    return Promise.resolve();
  }

  async whenSent(): Promise<void> {
    await this.options.pending?.whenSent();
  }

  private get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  private open(): Queue {
    if (this.isClosed) throw this.closedError();
    return this.queue;
  }

  private closedError(): QueueError {
    const message = `this end of the queue "${this.name}" is closed. Open another end.`;
    return new QueueError(message, { code: 'QueueClosed', kind: 'closed', queue: this.name });
  }
}
