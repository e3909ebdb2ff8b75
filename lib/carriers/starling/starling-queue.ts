import { sleep } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type { Discard, EntryResult, LeaseExtension, Queue, ReceiveOptions } from '../../queue/queue.js';
import type { Release, SendResult } from '../../queue/queue.js';
import { sharedAny, sharedController } from '../../queue/shared-signal.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';
import type { ConnectionPool } from './connection-pool.js';
import { HeldItem } from './held-item.js';
import { ItemIntake } from './item-intake.js';
import { type ItemSource, KestrelItems, returned, StarlingItems } from './item-source.js';
import { ReceiveCounts } from './receive-counts.js';
import { RetryingItems } from './retrying-items.js';
import { closedError, invalid, starlingError, type Subject } from './starling-errors.js';
import type { ResolvedStarlingOptions, StarlingDialect } from './starling-options.js';
import { checkEntries, STARLING_FEATURES, STARLING_LIMITS, StarlingSender } from './starling-sender.js';

export interface StarlingQueueParts {
  readonly subject: Subject;
  readonly pool: ConnectionPool;
  readonly dialect: StarlingDialect;
  readonly options: Pick<ResolvedStarlingOptions, 'clock' | 'maxRetrying'>;
}

const DONE: EntryResult = Object.freeze({ ok: true });

/**
 * A queue of a server that speaks the protocol of Starling or Kestrel.
 *
 * In the dialect `kestrel` the server holds each item in hand for its connection. A failed item
 * keeps its connection until its next delivery, which this process makes itself: the protocol has no
 * delay. In the dialect `starling` an item in hand is in the memory of this process alone.
 *
 * The protocol counts no deliveries. This process counts its own.
 *
 * @publicApi
 */
export class StarlingQueue implements Queue {
  readonly features = STARLING_FEATURES;
  readonly limits = STARLING_LIMITS;
  readonly name: string;
  readonly carrier = 'starling';
  /** The dialect of the server, found or given. */
  readonly dialect: StarlingDialect;
  private readonly sender: StarlingSender;
  private readonly source: ItemSource;
  private readonly intake: ItemIntake;
  private readonly counts = new ReceiveCounts();
  private readonly retrying = new RetryingItems();
  private readonly inHand = new Map<string, HeldItem>();
  /** Commands that end items, by receipt. A second command would end the next item of the connection. */
  private readonly ending = new Map<string, Promise<void>>();
  private readonly receives = new Set<Promise<unknown>>();
  private readonly aborting = sharedController();
  private closing: Promise<void> | undefined;

  /** @internal */
  constructor(private readonly parts: StarlingQueueParts) {
    this.name = parts.subject.queue;
    this.dialect = parts.dialect;
    this.sender = new StarlingSender(parts);
    this.source = parts.dialect === 'kestrel' ? new KestrelItems(parts) : new StarlingItems(parts);
    this.intake = new ItemIntake(this.source, parts.options.clock);
  }

  async send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    this.checkOpen();
    return this.sender.send(messages);
  }

  async check(): Promise<void> {
    this.checkOpen();
    await this.sender.check();
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.checkOpen();
    const { batchEntries } = this.limits;
    if (!Number.isInteger(options.max) || options.max < 1 || options.max > batchEntries) {
      throw invalid(this.parts.subject, 'InvalidParameter', `max must be 1 to ${batchEntries}.`);
    }
    if (options.signal?.aborted) throw this.abortedError();
    const receive = this.receiveWithin(options);
    this.receives.add(receive);
    return receive.finally(() => this.receives.delete(receive));
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.settle(messages, (message) => this.finish(message));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.settle(discards, ({ message }) => this.finish(message));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.settle(releases, (release) => this.putAside(release));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.settle(extensions, () => Promise.resolve());
  }

  /**
   * Ends open receives, puts everything back that is in hand or waits for its next delivery, and
   * closes all connections. Rejects if messages of a Starling could not be stored again: they are
   * lost. Every call returns the same promise.
   */
  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  private async receiveWithin({ max, waitSeconds, signal }: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { clock } = this.parts.options;
    const endsAt = clock.now() + waitSeconds * 1000;
    for (;;) {
      const since = clock.now();
      // Not cut short by an abort: an item of the answer would be lost, or hidden.
      const items = await this.take(max, Math.max(0, Math.min(endsAt, this.retrying.nextDueAt) - since));
      const messages = items.map((item) => this.handOut(item));
      if (this.closing) throw closedError(this.parts.subject);
      if (messages.length > 0 || clock.now() >= endsAt) return messages;
      await this.pause(Math.min(endsAt, this.retrying.nextDueAt, since + this.intake.pauseMs), signal);
    }
  }

  /** Waits between two questions. Rejects with a QueueError if the receive is over meanwhile. */
  private async pause(until: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.parts.options;
    const over = signal ? sharedAny([signal, this.aborting.signal]) : this.aborting.signal;
    await sleep(clock, Math.max(0, until - clock.now()), over);
    if (!over.aborted) return;
    throw this.aborting.signal.aborted ? closedError(this.parts.subject) : this.abortedError();
  }

  /** Takes items that are due again, or else new items. */
  private async take(max: number, waitMs: number): Promise<HeldItem[]> {
    const { clock, maxRetrying } = this.parts.options;
    const due = this.retrying.takeDue(max, clock.now());
    for (const item of due) item.receiveCount += 1;
    if (due.length > 0 || this.retrying.size >= maxRetrying) return due;
    const taken = await this.intake.take(max, Math.floor(waitMs));
    const onLost = (item: HeldItem): void => this.lost(item);
    return taken.map((item) => new HeldItem(item, this.counts.next(item.body), onLost));
  }

  private handOut(item: HeldItem): ReceivedMessage {
    this.inHand.set(item.receipt, item);
    return item.toMessage(this.parts.options.clock.now());
  }

  /** Remembers the count of an item that the server has put back. */
  private lost(item: HeldItem): void {
    this.counts.remember(item.body, item.receiveCount);
    this.retrying.forget(item);
  }

  private finish({ receipt }: ReceivedMessage): Promise<void> {
    let ending = this.ending.get(receipt);
    if (ending === undefined) {
      ending = this.end(receipt).finally(() => this.ending.delete(receipt));
      this.ending.set(receipt, ending);
    }
    return ending;
  }

  private async end(receipt: string): Promise<void> {
    const item = this.inHand.get(receipt);
    // Gone already, as after a second acknowledgement.
    if (item === undefined) return;
    if (item.isLost) this.inHand.delete(receipt);
    await this.intake.finish(item);
    this.inHand.delete(receipt);
    item.leave();
  }

  private async putAside({ message, seconds, cause }: Release): Promise<void> {
    await this.ending.get(message.receipt)?.catch(() => undefined);
    const item = this.inHand.get(message.receipt);
    if (item === undefined || item.isLost) {
      this.inHand.delete(message.receipt);
      throw returned(this.parts.subject);
    }
    const failed = cause === 'failed';
    if (failed && (seconds > 0 || this.dialect === 'kestrel')) return this.retryIn(item, seconds);
    try {
      await this.putBack(item, failed ? item.receiveCount : item.receiveCount - 1);
    } catch (error) {
      if (!failed) throw error;
      // Kept in memory, which is all there is of the item.
      return this.retryIn(item, seconds);
    }
    this.inHand.delete(message.receipt);
  }

  private retryIn(item: HeldItem, seconds: number): void {
    this.inHand.delete(item.receipt);
    this.retrying.add(item, this.parts.options.clock.now() + seconds * 1000);
  }

  private async putBack(item: HeldItem, count: number): Promise<void> {
    item.leave();
    await this.source.putBack(item);
    this.counts.remember(item.body, count);
  }

  private async settle<Entry>(
    entries: readonly Entry[],
    one: (entry: Entry) => Promise<void>,
  ): Promise<readonly EntryResult[]> {
    this.checkOpen();
    checkEntries(entries, this.parts.subject);
    const results = await Promise.allSettled(entries.map((entry) => one(entry)));
    return results.map((result) =>
      result.status === 'fulfilled' ? DONE : { ok: false, error: QueueError.from(result.reason, this.name) },
    );
  }

  private async shutDown(): Promise<void> {
    this.aborting.abort();
    await Promise.allSettled(this.receives);
    const left = [...this.inHand.values(), ...this.retrying.takeAll()].filter(({ isLost }) => !isLost);
    const results = await Promise.allSettled(left.map((item) => this.putBack(item, item.receiveCount)));
    await this.intake.putNextBack();
    await this.sender.close();
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    if (failures.length === 0) return;
    const text = `${failures.length} of ${left.length} messages in hand could not be stored again, and are lost`;
    throw starlingError(this.parts.subject, 'ItemsLost', 'service', `${text}: ${failures[0]!.message}`, failures[0]);
  }

  private checkOpen(): void {
    if (this.closing) throw closedError(this.parts.subject);
  }

  private abortedError(): QueueError {
    return starlingError(this.parts.subject, 'RequestAborted', 'network', 'the caller aborted the receive.');
  }
}
