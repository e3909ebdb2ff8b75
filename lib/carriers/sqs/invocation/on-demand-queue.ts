import type {
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  Release,
  SendResult,
} from '../../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../../queue/wire-message.js';
import { openSqsQueue } from '../open-sqs-queue.js';
import { closed } from '../queue-location.js';
import { parseQueueReference } from '../queue-reference.js';
import { toQueueProperties } from '../queue-properties.js';
import type { SqsQueueOptions } from '../sqs-queue-options.js';

/** An open queue without envelopes and large bodies, whose releases can be aborted. */
type OpenQueue = Queue & {
  release(releases: readonly Release[], signal?: AbortSignal): Promise<readonly EntryResult[]>;
};

/**
 * A queue that opens with its first request. A program that sends no request neither loads the AWS
 * SDK nor needs permissions. Before that the defaults of SQS count as limits. A failed opening fails
 * its requests, and the next request tries again.
 */
export class OnDemandQueue implements Queue {
  readonly name: string;
  readonly carrier = 'sqs';
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive = 'unknown';
  private opening: Promise<OpenQueue> | undefined;
  private isClosed = false;

  /** @param options returns the options of the queue at its first request */
  constructor(
    queue: string,
    private readonly options: () => SqsQueueOptions,
  ) {
    this.name = parseQueueReference(queue).name;
    const { features, limits } = toQueueProperties(this.name, {});
    this.features = features;
    this.limits = limits;
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    return (await this.open()).send(messages);
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    return (await this.open()).receive(options);
  }

  async acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return (await this.open()).acknowledge(messages);
  }

  async discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return (await this.open()).discard(discards);
  }

  async release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return (await this.open()).release(releases);
  }

  async extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return (await this.open()).extend(extensions);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opening?.then(
      (queue) => queue.close(),
      () => undefined,
    );
  }

  /** Opens the queue, unless it is open or closed. */
  open(): Promise<OpenQueue> {
    if (this.isClosed) return Promise.reject(closed({ name: this.name }));
    return (this.opening ??= openSqsQueue(this.options()).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    }));
  }
}
