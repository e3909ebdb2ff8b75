import { randomUUID } from 'node:crypto';
import { QueueError } from '../../queue/queue-error.js';
import type {
  QueueFeatures,
  Discard,
  EntryResult,
  LeaseExtension,
  Queue,
  QueueLimits,
  ReceiveOptions,
  RedrivePolicy,
  Release,
  SendResult,
} from '../../queue/queue.js';
import type { ReceivedMessage, WireMessage } from '../../queue/wire-message.js';
import { Deduplication } from './deduplication.js';
import { Faults, type Fault, type FaultMoment, type FaultScript, type QueueVerb } from './fault-script.js';
import { findLease, receiveFault } from './lease-rules.js';
import {
  MEMORY_FEATURES,
  resolveMemoryQueueOptions,
  type MemoryQueueOptions,
  type ResolvedMemoryQueueOptions,
} from './memory-queue-options.js';
import { leasedMessage, toSnapshot, type MessageSnapshot } from './message-snapshot.js';
import { batchFault, findMessageFault, sendFault } from './message-rules.js';
import { MessageStore, type StoredMessage } from './message-store.js';
import { ReceiveWaiters } from './receive-waiters.js';

/** Counts the messages of a queue by state. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

const DONE: EntryResult = Object.freeze({ ok: true });

/**
 * Keeps an SQS queue in memory, on any clock. The queue is as strict as the SQS documentation, with
 * leases, groups, delays and redrive.
 */
export class MemoryQueue implements Queue {
  readonly name: string;
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy;
  private readonly options: ResolvedMemoryQueueOptions;
  private readonly store: MessageStore;
  private readonly waiters: ReceiveWaiters<ReceivedMessage>;
  private readonly deduplication = new Deduplication();
  private readonly faults: Faults;
  private closed = false;

  /** @throws QueueError of kind `invalid` if options contradict each other */
  constructor(options: MemoryQueueOptions = {}) {
    this.options = resolveMemoryQueueOptions(options);
    const { name, fifo, limits, redrive, clock } = this.options;
    this.name = name;
    this.features = { ...MEMORY_FEATURES, ordered: fifo, delay: !fifo };
    this.limits = limits;
    if (redrive !== undefined) {
      this.redrive = { maxReceiveCount: redrive.maxReceiveCount, target: redrive.deadLetterQueue.name };
    }
    this.store = new MessageStore(fifo);
    this.waiters = new ReceiveWaiters(clock, () => this.store.nextVisibleAt(clock.now()));
    this.faults = new Faults(name);
  }

  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    return this.perform('send', messages, sendFault, (message) => this.sendOne(message));
  }

  async receive(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    this.checkOpen();
    const invalid = receiveFault(options, this.options);
    if (invalid !== undefined) throw invalid;
    const { fault, moment } = this.faults.next('receive', options.max);
    throwIf(fault, moment, 'before');
    const received = await this.waitFor(options);
    throwIf(fault, moment, 'after');
    return received;
  }

  acknowledge(messages: readonly ReceivedMessage[]): Promise<readonly EntryResult[]> {
    return this.perform('acknowledge', messages, batchFault, (message) => this.deleteMessage('acknowledge', message));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.perform('discard', discards, batchFault, ({ message }) => this.deleteMessage('discard', message));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.perform('release', releases, batchFault, (release) => this.changeVisibility('release', release));
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.perform('extend', extensions, batchFault, (extension) => this.changeVisibility('extend', extension));
  }

  close(): Promise<void> {
    this.closed = true;
    this.waiters.rejectAll(() => this.closedError());
    return Promise.resolve();
  }

  /** Counts the messages in each state now. */
  depth(): QueueDepth {
    const depth = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { state } of this.messages()) depth[state] += 1;
    return depth;
  }

  /** Returns every message in the queue now, in order of arrival. Changes nothing. */
  messages(): readonly MessageSnapshot[] {
    const now = this.options.clock.now();
    return [...this.store.all()].map((stored) => toSnapshot(stored, now));
  }

  /**
   * Makes a verb fail. A number lets the next `fault` calls fail with a retryable error. A function
   * decides for each call by its result:
   * - a {@link QueueError}: the whole call rejects
   * - a list of errors and `undefined` by position: those entries fail, the others take effect
   * - `undefined`: nothing fails
   *
   * With `after`, a rejected call takes effect first, as if only its answer is lost.
   */
  fail(verb: QueueVerb, fault: number | FaultScript, moment: FaultMoment = 'before'): void {
    this.faults.set(verb, fault, moment);
  }

  /**
   * Takes over a message that another queue gave up. Id, send time and receive count stay
   * unchanged.
   */
  adopt(stored: StoredMessage): void {
    this.store.add({ ...stored, receipt: undefined, visibleAt: 0 });
    this.waiters.serve();
  }

  /** Takes effect at once. Every error becomes a rejection. */
  private perform<Entry, Result>(
    verb: QueueVerb,
    entries: readonly Entry[],
    check: (entries: readonly Entry[], rules: ResolvedMemoryQueueOptions) => QueueError | undefined,
    one: (entry: Entry) => Result,
  ): Promise<(Result | { readonly ok: false; readonly error: QueueError })[]> {
    return new Promise((resolve) => {
      this.checkOpen();
      const invalid = check(entries, this.options);
      if (invalid !== undefined) throw invalid;
      const { fault, moment } = this.faults.next(verb, entries.length);
      throwIf(fault, moment, 'before');
      const failed = Array.isArray(fault) ? (fault as readonly (QueueError | undefined)[]) : [];
      const results = entries.map((entry, at) => {
        const error = failed[at];
        return error === undefined ? one(entry) : { ok: false as const, error };
      });
      this.waiters.serve();
      throwIf(fault, moment, 'after');
      resolve(results);
    });
  }

  private sendOne(message: WireMessage): SendResult {
    const error = findMessageFault(message, this.options);
    if (error !== undefined) return { ok: false, error };
    const { fifo, clock, delaySeconds } = this.options;
    const now = clock.now();
    const known = fifo ? this.deduplication.find(message, now) : undefined;
    if (known !== undefined) return { ok: true, id: known };
    const id = randomUUID();
    this.store.add({
      id,
      message: { ...message, body: message.body as string, attributes: { ...message.attributes } },
      sentAt: now,
      receiveCount: 0,
      visibleAt: now + (message.delaySeconds ?? delaySeconds) * 1000,
      receipt: undefined,
      receivedAt: 0,
    });
    if (fifo) this.deduplication.remember(message, id, now);
    return { ok: true, id };
  }

  private async waitFor(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { waitSeconds, signal } = options;
    const aborted = (): QueueError => this.error('RequestAborted', 'network', 'the caller aborted the receive');
    if (signal?.aborted) throw aborted();
    const received = this.take(options);
    if (received.length > 0 || waitSeconds === 0) return received;
    return this.waiters.wait({ take: () => this.take(options), ms: waitSeconds * 1000, signal, aborted });
  }

  private take({ max, visibilityTimeoutSeconds }: ReceiveOptions): ReceivedMessage[] {
    const now = this.options.clock.now();
    const visibleAt = now + visibilityTimeoutSeconds * 1000;
    return this.store.lease({ max, now, visibleAt, takeAway: (stored) => this.moveAway(stored) }).map(leasedMessage);
  }

  private moveAway(stored: StoredMessage): boolean {
    const { redrive } = this.options;
    if (redrive === undefined || stored.receiveCount < redrive.maxReceiveCount) return false;
    redrive.deadLetterQueue.adopt(stored);
    return true;
  }

  private deleteMessage(verb: 'acknowledge' | 'discard', { receipt }: ReceivedMessage): EntryResult {
    const { stored, error } = findLease({ verb, receipt }, this.store, this.options);
    if (error !== undefined) return { ok: false, error };
    if (stored !== undefined) this.store.delete(stored.id);
    return DONE;
  }

  private changeVisibility(verb: 'release' | 'extend', { message, seconds }: LeaseExtension): EntryResult {
    const { stored, error } = findLease({ verb, receipt: message.receipt, seconds }, this.store, this.options);
    if (error !== undefined) return { ok: false, error };
    if (stored !== undefined) stored.visibleAt = this.options.clock.now() + seconds * 1000;
    return DONE;
  }

  private checkOpen(): void {
    if (this.closed) throw this.closedError();
  }

  private closedError(): QueueError {
    return this.error('QueueClosed', 'closed', 'it is closed. Open another queue');
  }

  private error(code: string, kind: 'closed' | 'network', what: string): QueueError {
    return new QueueError(`the queue "${this.name}": ${what}.`, { code, kind, queue: this.name });
  }
}

/** Creates an empty {@link MemoryQueue}. */
export function createMemoryQueue(options: MemoryQueueOptions = {}): MemoryQueue {
  return new MemoryQueue(options);
}

function throwIf(fault: Fault, moment: FaultMoment, now: FaultMoment): void {
  if (fault instanceof QueueError && moment === now) throw fault;
}
