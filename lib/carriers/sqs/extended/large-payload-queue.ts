import { shared } from '../../../common/shared.js';
import { messageBytes, type ReceivedMessage, type WireMessage } from '../../../queue/wire-message.js';
import { QueueError, type QueueErrorKind } from '../../../queue/queue-error.js';
import type {
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
} from '../../../queue/queue.js';
import { sharedController } from '../../../queue/shared-signal.js';
import { fetchBody, type Incoming } from './incoming.js';
import type { ResolvedLargePayloads } from './large-payload-options.js';
import { Outgoing } from './outgoing.js';
import type { PayloadStore } from './payload-store.js';
import { isMarked, type Pointer } from './pointer.js';

/**
 * Maps received messages to their S3 pointers, for all queues and all copies of this package. A
 * message of one queue may be copied to another queue.
 */
const pointers = shared('s3-pointers/1', () => new WeakMap<ReceivedMessage, Pointer>());

/**
 * Share of the lease that the fetch of a body may take. All messages of a receive wait for its
 * slowest body. The fetch ends before a worker renews their leases for the first time.
 */
const FETCH_SHARE_OF_LEASE = 0.4;
const LEAST_FETCH_MS = 1_000;
const MOST_FETCH_MS = 30_000;

/** Error kinds after which nothing of a message is stored and the message is not sent again. */
const FINAL: ReadonlySet<QueueErrorKind> = new Set(['invalid', 'too-large', 'denied', 'missing-queue']);

/**
 * Stores large bodies of a queue in S3. Callers can send messages up to `maxBytes`, with one
 * attribute fewer. The attribute that marks a pointer needs one slot.
 *
 * Stores a body before its message is sent, and deletes the body after its message is acknowledged.
 * A crash in between leaves an unused body, never a message without its body. A copy of a message,
 * as for a dead-letter queue, takes over the body.
 */
export class LargePayloadQueue implements Queue {
  readonly name: string;
  readonly location: string;
  readonly carrier: string | undefined;
  readonly url: string | undefined;
  readonly features: Queue['features'];
  readonly limits: Queue['limits'];
  readonly redrive?: RedrivePolicy | 'unknown';
  private readonly outgoing: Outgoing;
  /** Deletions in progress. */
  private readonly deleting = new Set<Promise<void>>();
  /** Aborts the fetches in progress. */
  private readonly closing = sharedController();
  /** Error codes of failed deletions. Each code causes one warning. */
  private readonly warned = new Set<string>();

  constructor(
    private readonly queue: Queue,
    private readonly store: PayloadStore,
    private readonly options: ResolvedLargePayloads,
  ) {
    this.name = queue.name;
    this.location = queue.location ?? queue.name;
    this.carrier = queue.carrier;
    this.url = queue.url;
    this.features = queue.features;
    this.limits = {
      ...queue.limits,
      messageBytes: Math.max(options.maxBytes, queue.limits.messageBytes),
      attributes: queue.limits.attributes - 1,
    };
    if (queue.redrive !== undefined) this.redrive = queue.redrive;
    this.outgoing = new Outgoing(queue, store, options);
  }

  wireBytes(message: WireMessage): number {
    return isCopyOfPointer(message) ? messageBytes(message) : this.outgoing.wireBytes(message);
  }

  async check(): Promise<void> {
    await this.queue.check?.();
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const { batchEntries } = this.limits;
    // The queue itself refuses these calls, so no body is stored for a message that cannot be sent.
    if (this.closing.signal.aborted || messages.length === 0 || messages.length > batchEntries)
      return this.queue.send(messages);
    const drafts = await Promise.all(
      messages.map(async (message) => (isCopyOfPointer(message) ? message : this.outgoing.prepare(message))),
    );
    const ready = drafts.filter((draft): draft is WireMessage => !(draft instanceof QueueError));
    const sent = ready.length === 0 ? [] : await this.sendReady(messages, ready);
    let next = 0;
    return drafts.map((draft, at): SendResult => {
      if (draft instanceof QueueError) return { ok: false, error: draft };
      const outcome = sent[next++]!;
      this.afterSend(messages[at]!, outcome);
      return outcome;
    });
  }

  /**
   * Fetches the bodies of one receive side by side. A body that does not come within the deadline
   * leaves a fault in its message, and the worker retries the message.
   */
  async receive(request: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const messages = await this.queue.receive(request);
    const incoming = this.incoming(request);
    const fetched = await Promise.all(messages.map((message) => fetchBody(message, incoming)));
    return fetched.map(({ message, pointer }) => {
      if (pointer !== undefined) pointers.set(message, pointer);
      return message;
    });
  }

  async acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.afterRemoval(messages, await this.queue.acknowledge(messages));
  }

  async discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    const messages = discards.map(({ message }) => message);
    return this.afterRemoval(messages, await this.queue.discard(discards));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.queue.release(releases);
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.queue.extend(extensions);
  }

  /**
   * Aborts the fetches in progress. Waits for the deletions in progress, and each deletion has its
   * own deadline.
   */
  async close(): Promise<void> {
    this.closing.abort();
    await this.queue.close();
    await Promise.all(this.deleting);
    this.store.close();
  }

  private incoming({ visibilityTimeoutSeconds, signal }: ReceiveOptions): Incoming {
    const { queue, store, options, closing } = this;
    const share = visibilityTimeoutSeconds * 1000 * FETCH_SHARE_OF_LEASE;
    const ms = Math.min(Math.max(share, LEAST_FETCH_MS), MOST_FETCH_MS);
    const signals = [closing.signal, ...(signal === undefined ? [] : [signal])];
    return { queue: queue.name, store, buckets: options.buckets, limits: { ms, signals } };
  }

  private async sendReady(
    messages: readonly WireMessage[],
    ready: readonly WireMessage[],
  ): Promise<readonly SendResult[]> {
    try {
      return await this.queue.send(ready);
    } catch (error) {
      // If the caller splits the request, each part stores its bodies again.
      if (error instanceof QueueError && FINAL.has(error.kind)) for (const message of messages) this.dropBody(message);
      throw error;
    }
  }

  /** Deletes the bodies of the messages that have left the queue. */
  private afterRemoval(messages: readonly ReceivedMessage[], results: readonly EntryResult[]): readonly EntryResult[] {
    messages.forEach((message, at) => {
      const pointer = pointers.get(message);
      if (pointer === undefined || results[at]?.ok !== true || !this.options.deletePayloads) return;
      this.deleteLater(() => this.store.delete(pointer));
    });
    return results;
  }

  private afterSend(message: WireMessage, outcome: SendResult): void {
    if (!outcome.ok) {
      if (FINAL.has(outcome.error.kind)) this.dropBody(message);
    } else if (isCopyOfPointer(message)) pointers.delete(message.original!);
  }

  private dropBody(message: WireMessage): void {
    this.deleteLater(() => this.outgoing.discard(message));
  }

  /** Deletes in the background. A failed deletion only leaves an unused object in S3. */
  private deleteLater(task: () => Promise<void>): void {
    const deletion = task().then(
      () => undefined,
      (error: Error) => this.warn(error),
    );
    this.deleting.add(deletion);
    void deletion.finally(() => this.deleting.delete(deletion));
  }

  private warn(error: Error): void {
    const kind = error instanceof QueueError ? error.code : error.name;
    if (this.warned.has(kind)) return;
    this.warned.add(kind);
    const message = `a large body of ${this.name} stays in S3: ${error.message} (further failures of this kind cause no warning)`;
    process.emitWarning(message, { type: 'LargePayloadWarning' });
  }
}

/**
 * True if a message copies a received message with its pointer. The copy keeps the pointer, even if
 * the body cannot be read here.
 */
function isCopyOfPointer({ body, original }: WireMessage): boolean {
  if (original === undefined) return false;
  const received = original.copy ?? original;
  return body === received.body && (pointers.has(original) || isMarked(received.attributes));
}
