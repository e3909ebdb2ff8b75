import { messageBytes, type ReceivedMessage, type WireMessage } from '../../../queue/wire-message.js';
import { QueueError, type QueueErrorKind } from '../../../queue/queue-error.js';
import type {
  EntryResult,
  Queue,
  ReceiveOptions,
  RedrivePolicy,
  SendResult,
  VisibilityChange,
} from '../../../queue/queue.js';
import { Arrivals, fetchBody, type Wait } from './incoming.js';
import type { ResolvedLargePayloads } from './large-payload-options.js';
import { Outgoing } from './outgoing.js';
import type { PayloadStore } from './payload-store.js';
import { isMarked, type Pointer } from './pointer.js';

/** Where the bodies of messages in hand are: of any queue, since one queue's message may be copied to another. */
const pointers = new WeakMap<ReceivedMessage, Pointer>();

/** A part of the lease is left for the handler to begin with. */
const FETCH_SHARE_OF_LEASE = 0.5;
const LEAST_FETCH_MS = 1_000;
const MOST_FETCH_MS = 30_000;

/** Getting a body holds up whatever was received with it. */
const PATIENCE_MS = 1_000;

/** After these nothing of a message is stored, and it will not be sent again. */
const FINAL: ReadonlySet<QueueErrorKind> = new Set(['invalid', 'denied', 'missing-queue']);

/**
 * A queue whose large bodies are in S3. To the outside it takes messages up to `maxBytes`, with one attribute fewer: the one that marks a
 * pointer needs its place.
 *
 * A body is stored before its message is sent, and deleted after its message is removed: what dies in between leaves a body that nobody
 * needs, never a message without its body. A copy of a message, as for a dead-letter queue, takes the body over.
 */
export class LargePayloadQueue implements Queue {
  readonly name: string;
  readonly features: Queue['features'];
  readonly limits: Queue['limits'];
  readonly redrive?: RedrivePolicy | 'unknown';
  readonly wrapped?: true;
  private readonly outgoing: Outgoing;
  private readonly arrivals: Arrivals;
  /** Deletions under way. */
  private readonly deleting = new Set<Promise<void>>();
  private closing = false;
  /** What deletions failed with, each told once. */
  private readonly warned = new Set<string>();

  constructor(
    private readonly queue: Queue,
    private readonly store: PayloadStore,
    private readonly options: ResolvedLargePayloads,
  ) {
    this.name = queue.name;
    this.features = queue.features;
    this.limits = {
      ...queue.limits,
      messageBytes: Math.max(options.maxBytes, queue.limits.messageBytes),
      attributes: queue.limits.attributes - 1,
    };
    if (queue.redrive !== undefined) this.redrive = queue.redrive;
    if (queue.wrapped) this.wrapped = true;
    this.outgoing = new Outgoing(queue, store, options);
    this.arrivals = new Arrivals(store, queue.name);
  }

  wireBytes(message: WireMessage): number {
    return isCopyOfPointer(message) ? messageBytes(message) : this.outgoing.wireBytes(message);
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    const { batchEntries } = this.limits;
    // It knows how to refuse these, and nothing is stored for what cannot be sent.
    if (this.closing || messages.length === 0 || messages.length > batchEntries) return this.queue.send(messages);
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

  async receive(request: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { queue, arrivals, options } = this;
    const messages = await queue.receive(request);
    const incoming = { queue: queue.name, arrivals, buckets: options.buckets };
    const fetched = await Promise.all(
      messages.map((message) => fetchBody(message, this.waitFor(message, request), incoming)),
    );
    return fetched.map(({ message, pointer }) => {
      if (pointer !== undefined) pointers.set(message, pointer);
      return message;
    });
  }

  async acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    const outcomes = await this.queue.acknowledge(messages);
    messages.forEach((message, at) => {
      const pointer = pointers.get(message);
      if (pointer === undefined || outcomes[at]?.ok !== true || !this.options.deletePayloads) return;
      this.deleteLater(() => this.store.delete(pointer));
    });
    return outcomes;
  }

  release(changes: readonly VisibilityChange[]): Promise<readonly EntryResult[]> {
    return this.queue.release(changes);
  }

  extend(changes: readonly VisibilityChange[]): Promise<readonly EntryResult[]> {
    return this.queue.extend(changes);
  }

  /** Lets deletions that are under way end first; each has its deadline. */
  async close(): Promise<void> {
    this.closing = true;
    await this.queue.close();
    await Promise.all(this.deleting);
    this.arrivals.close();
    this.store.close();
  }

  /** A message that the queue would move instead of handing it out again is not given up for the sake of others. */
  private waitFor({ receiveCount }: ReceivedMessage, { visibilityTimeoutSeconds }: ReceiveOptions): Wait {
    const share = visibilityTimeoutSeconds * 1000 * FETCH_SHARE_OF_LEASE;
    const ms = Math.min(Math.max(share, LEAST_FETCH_MS), MOST_FETCH_MS);
    const last = typeof this.redrive === 'object' && receiveCount >= this.redrive.maxReceiveCount;
    return { ms, waitMs: last ? ms : Math.min(ms, PATIENCE_MS) };
  }

  private async sendReady(
    messages: readonly WireMessage[],
    ready: readonly WireMessage[],
  ): Promise<readonly SendResult[]> {
    try {
      return await this.queue.send(ready);
    } catch (error) {
      // Where the request is taken apart, its bodies are stored anew.
      if (error instanceof QueueError && FINAL.has(error.kind)) for (const message of messages) this.discard(message);
      throw error;
    }
  }

  private afterSend(message: WireMessage, outcome: SendResult): void {
    if (!outcome.ok) {
      if (FINAL.has(outcome.error.kind)) this.discard(message);
    } else if (isCopyOfPointer(message)) pointers.delete(message.original!);
  }

  private discard(message: WireMessage): void {
    this.deleteLater(() => this.outgoing.discard(message));
  }

  /** Nobody waits for it, and its failure costs no more than an object that stays. */
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
    const message = `a large body of ${this.name} stays in S3: ${error.message} (not told again)`;
    process.emitWarning(message, { type: 'LargePayloadWarning' });
  }
}

/** It is what was received, pointer and all: for whoever receives the copy, whether the body can be read or not. */
function isCopyOfPointer({ body, original }: WireMessage): boolean {
  if (original === undefined) return false;
  const received = original.copy ?? original;
  return body === received.body && (pointers.has(original) || isMarked(received.attributes));
}
