import { randomUUID } from 'node:crypto';
import { QueueError } from '../../queue/queue-error.js';
import type {
  Discard,
  EntryResult,
  LeaseExtension,
  MessageReceiver,
  QueueFeatures,
  QueueLimits,
  ReceiveOptions,
  Release,
} from '../../queue/queue.js';
import { ReceiveWaiters } from '../../queue/receive-waiters.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import type { Arrival, ArrivalEnd, InboxOwner } from './arrival.js';
import { HeldMessages } from './held-messages.js';
import { INBOX_FEATURES, type InboxOptions, resolveInboxOptions, type ResolvedInboxOptions } from './inbox-options.js';

/**
 * Holds the messages that a carrier has accepted, in memory and within limits, until the worker has
 * settled them. The receiving end of carriers whose messages are pushed in, such as sockets and
 * HTTP. A message that fails comes back after its delay.
 *
 * The owner accepts messages only while the inbox is not full. It calls {@link push} for each, and
 * {@link whenRoom} to go on.
 */
export class Inbox implements MessageReceiver {
  readonly name: string;
  readonly carrier: string | undefined;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  private readonly options: ResolvedInboxOptions;
  private readonly messages: HeldMessages;
  private readonly waiters: ReceiveWaiters<ReceivedMessage>;
  private readonly roomWaiters = new Set<() => void>();
  private readonly emptyWaiters: (() => void)[] = [];
  private draining: Promise<void> | undefined;
  private isClosed = false;
  private closing: Promise<void> | undefined;

  /** @throws RangeError a limit is not acceptable */
  constructor(
    options: InboxOptions,
    private readonly owner: InboxOwner,
  ) {
    this.options = resolveInboxOptions(options);
    const { name, limits, clock } = this.options;
    this.name = name;
    this.limits = limits;
    this.features = { ...INBOX_FEATURES, attributes: limits.attributes > 0 };
    this.waiters = new ReceiveWaiters(clock, () => undefined);
    this.messages = new HeldMessages(this.options, () => this.waiters.serve());
  }

  /** True until the close. */
  get isOpen(): boolean {
    return !this.isClosed;
  }

  /** True if the owner must accept no more messages for now, or ever. */
  get isFull(): boolean {
    const { maxMessages, maxBytes } = this.options;
    const { size, bytes } = this.messages;
    return !this.isOpen || size >= maxMessages || bytes >= maxBytes;
  }

  /** Number of messages that are held. */
  get size(): number {
    return this.messages.size;
  }

  /**
   * Takes over a message. Takes it also while the inbox is full, so that an owner that has read a
   * message need not drop it. Returns the id of the message.
   *
   * @throws QueueError the inbox is closed
   */
  push(arrival: Arrival): string {
    this.checkOpen();
    const id = randomUUID();
    this.messages.add(id, arrival);
    this.waiters.serve();
    return id;
  }

  /**
   * Calls back once, when the inbox is not full. Callers are served in order, each while there is
   * room: a caller that fills the inbox again lets the next caller wait. Returns a function that
   * cancels the call.
   */
  whenRoom(callback: () => void): () => void {
    this.roomWaiters.add(callback);
    return () => void this.roomWaiters.delete(callback);
  }

  async receive({ max, waitSeconds, signal }: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.checkOpen();
    const { batchEntries } = this.limits;
    if (!(max >= 1 && max <= batchEntries)) {
      throw this.error('InvalidParameterValue', 'invalid', `max must be 1 to ${batchEntries}`);
    }
    const aborted = (): QueueError => this.error('RequestAborted', 'network', 'the caller aborted the receive');
    if (signal?.aborted) throw aborted();
    const take = (): readonly ReceivedMessage[] => this.messages.take(max);
    const received = take();
    if (received.length > 0 || waitSeconds === 0) return received;
    return this.waiters.wait({ take, ms: waitSeconds * 1000, signal, aborted });
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.perform('acknowledge', messages, ({ receipt }) => this.end(receipt, { type: 'handled' }));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.perform('discard', discards, ({ message, reason }) =>
      this.end(message.receipt, { type: 'discarded', reason }),
    );
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.perform('release', releases, (release) => this.releaseOne(release));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.perform('extend', extensions, () => OK);
  }

  drain(): Promise<void> {
    return (this.draining ??= this.owner.stop().then(() => this.whenEmpty()));
  }

  takeRest(): readonly ReceivedMessage[] {
    return this.messages.takeRest().filter(({ receipt }) => !this.givesBack(receipt));
  }

  /**
   * Ends every message that is left as `left`, then closes the owner. Every later verb rejects.
   * Idempotent.
   */
  close(): Promise<void> {
    return (this.closing ??= this.closeNow());
  }

  private async closeNow(): Promise<void> {
    // Before everything else, so that the owner pushes nothing that no one would take or report.
    this.isClosed = true;
    this.waiters.rejectAll(() => this.closedError());
    this.roomWaiters.clear();
    for (const { receipt } of this.messages.takeRest()) this.end(receipt, { type: 'left' });
    await this.owner.close();
  }

  /** Gives a message back whose sender waits for an answer, and can send it again. */
  private givesBack(receipt: string): boolean {
    if (this.messages.get(receipt)?.arrival.onRelease !== 'give-back') return false;
    this.end(receipt, { type: 'given-back', seconds: 0, cause: 'not-started' });
    return true;
  }

  private releaseOne({ message: { receipt }, seconds, cause }: Release): EntryResult {
    const held = this.messages.get(receipt);
    if (held?.isInHand !== true) return { ok: false, error: this.notInHand() };
    if (held.arrival.onRelease === 'give-back') return this.end(receipt, { type: 'given-back', seconds, cause });
    if (cause === 'not-started') this.messages.putBack(held);
    else if (!this.messages.retry(held, seconds)) return this.end(receipt, { type: 'given-up' });
    return OK;
  }

  private end(receipt: string, end: ArrivalEnd): EntryResult {
    const held = this.messages.get(receipt);
    // A message that is gone, or was given back, has had its answer.
    if (held?.isInHand !== true) return OK;
    this.messages.delete(held);
    held.arrival.ended?.(end);
    this.changed();
    return OK;
  }

  /** Lets the owner and a drain go on after a message has gone. */
  private changed(): void {
    if (this.messages.size === 0) for (const wake of this.emptyWaiters.splice(0)) wake();
    for (const callback of this.roomWaiters) {
      if (this.isFull) return;
      this.roomWaiters.delete(callback);
      callback();
    }
  }

  private whenEmpty(): Promise<void> {
    if (this.messages.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.emptyWaiters.push(resolve));
  }

  /** Takes effect at once. Every error becomes a rejection. */
  private perform<Entry>(
    verb: string,
    entries: readonly Entry[],
    one: (entry: Entry) => EntryResult,
  ): Promise<readonly EntryResult[]> {
    return new Promise((resolve) => {
      this.checkOpen();
      const { batchEntries: most } = this.limits;
      if (entries.length === 0 || entries.length > most) {
        throw this.error('InvalidBatch', 'invalid', `${verb} takes 1 to ${most} entries, not ${entries.length}`);
      }
      resolve(entries.map(one));
    });
  }

  private checkOpen(): void {
    if (!this.isOpen) throw this.closedError();
  }

  private closedError(): QueueError {
    return this.error('QueueClosed', 'closed', 'it is closed. Start another strategy');
  }

  private notInHand(): QueueError {
    return this.error('NotInHand', 'lease-lost', 'the message is not in hand any more. Leave it alone');
  }

  private error(code: string, kind: 'closed' | 'network' | 'invalid' | 'lease-lost', what: string): QueueError {
    return new QueueError(`${this.name}: ${what}.`, { code, kind, queue: this.name });
  }
}

const OK: EntryResult = Object.freeze({ ok: true });
