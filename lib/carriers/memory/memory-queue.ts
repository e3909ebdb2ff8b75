import type { Clock } from '../../queue/clock.js';
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
import { Faults, type Fault, type FaultMoment, type FaultScript, type QueueVerb } from './fault-script.js';
import { receiveFault } from './lease-rules.js';
import {
  type DeadLetterTarget,
  MEMORY_FEATURES,
  resolveMemoryQueueOptions,
  type MemoryQueueOptions,
  type ResolvedMemoryQueueOptions,
} from './memory-queue-options.js';
import { depthOf, type MessageSnapshot, type QueueDepth } from './message-snapshot.js';
import { batchFault, sendFault } from './message-rules.js';
import type { StoredMessage } from './message-store.js';
import { QueueContent } from './queue-content.js';
import { QueueEnd, type QueueEndOptions } from './queue-end.js';
import { QueueWatch } from './queue-watch.js';
import { ReceiveWaiters } from '../../queue/receive-waiters.js';

/**
 * Keeps an SQS queue in memory, on any clock. The queue is as strict as the SQS documentation, with
 * leases, groups, delays and redrive.
 *
 * @publicApi
 */
export class MemoryQueue implements Queue {
  readonly name: string;
  readonly carrier = 'memory';
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy;
  private readonly options: ResolvedMemoryQueueOptions;
  private readonly content: QueueContent;
  private readonly waiters: ReceiveWaiters<ReceivedMessage>;
  private readonly ends = new Set<QueueEnd>();
  private readonly watch = new QueueWatch(this.ends);
  private readonly faults: Faults;
  private closed = false;

  /** @throws QueueError of kind `invalid` if options contradict each other */
  constructor(options: MemoryQueueOptions = {}) {
    this.options = resolveMemoryQueueOptions(options);
    const { name, fifo, limits, redrive, clock } = this.options;
    this.name = name;
    this.features = { ...MEMORY_FEATURES, ordered: fifo, delay: !fifo };
    this.limits = limits;
    if (redrive) this.redrive = { maxReceiveCount: redrive.maxReceiveCount, target: redrive.deadLetterQueue.name };
    this.content = new QueueContent(this.options);
    this.waiters = new ReceiveWaiters(clock, () => this.content.nextVisibleAt());
    this.faults = new Faults(name);
  }

  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]> {
    return this.perform('send', messages, sendFault, (message) => this.content.send(message));
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
    return this.perform('acknowledge', messages, batchFault, (message) => this.content.drop('acknowledge', message));
  }

  discard(discards: readonly Discard[]): Promise<readonly EntryResult[]> {
    return this.perform('discard', discards, batchFault, ({ message }) => this.content.drop('discard', message));
  }

  release(releases: readonly Release[]): Promise<readonly EntryResult[]> {
    return this.perform('release', releases, batchFault, (release) =>
      this.content.changeVisibility('release', release),
    );
  }

  extend(extensions: readonly LeaseExtension[]): Promise<readonly EntryResult[]> {
    return this.perform('extend', extensions, batchFault, (extension) =>
      this.content.changeVisibility('extend', extension),
    );
  }

  close(): Promise<void> {
    this.closed = true;
    this.waiters.rejectAll(() => this.closedError());
    return Promise.resolve();
  }

  /**
   * Opens an end of this queue. Closing the end leaves the queue to its other ends, while `close()`
   * closes the queue for all of them.
   *
   * @internal
   */
  open(options: QueueEndOptions = {}): Queue {
    return new QueueEnd(this, options, this.ends);
  }

  /**
   * Resolves once no message is in hand and none can be received now, so everything emitted so far
   * was settled. Messages that wait for their delay or their retry do not count. Waits forever
   * without a worker for messages that are in the queue.
   */
  untilIdle(): Promise<void> {
    return this.watch.until(() => this.isIdle);
  }

  /**
   * Resolves once the queue holds no message: every message was acknowledged, discarded or moved to
   * the dead-letter queue. Also waits for delays and retries.
   */
  untilEmpty(): Promise<void> {
    return this.watch.until(() => this.content.isEmpty);
  }

  /** True if {@link untilIdle} has nothing to wait for in this queue. */
  get isIdle(): boolean {
    return this.content.isIdle;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** The queue to which the redrive policy moves messages; undefined without a policy. */
  get deadLetterQueue(): DeadLetterTarget | undefined {
    return this.options.redrive?.deadLetterQueue;
  }

  /** Counts the messages in each state now. */
  depth(): QueueDepth {
    return depthOf(this.messages());
  }

  /** Returns every message in the queue now, in order of arrival. Changes nothing. */
  messages(): readonly MessageSnapshot[] {
    return this.content.snapshots();
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
    this.content.adopt(stored);
    this.changed();
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
      this.changed();
      throwIf(fault, moment, 'after');
      resolve(results);
    });
  }

  private async waitFor(options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { waitSeconds, signal } = options;
    const aborted = (): QueueError => this.error('RequestAborted', 'network', 'the caller aborted the receive');
    if (signal?.aborted) throw aborted();
    const received = this.take(options);
    if (received.length > 0 || waitSeconds === 0) return received;
    return this.waiters.wait({ take: () => this.take(options), ms: waitSeconds * 1000, signal, aborted });
  }

  private take(options: ReceiveOptions): ReceivedMessage[] {
    const taken = this.content.take(options);
    // A take may have moved messages to the dead-letter queue.
    this.watch.changed();
    return taken;
  }

  private changed(): void {
    this.waiters.serve();
    this.watch.changed();
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

/**
 * Creates an empty {@link MemoryQueue}.
 *
 * @publicApi
 */
export function createMemoryQueue(options: MemoryQueueOptions = {}): MemoryQueue {
  return new MemoryQueue(options);
}

function throwIf(fault: Fault, moment: FaultMoment, now: FaultMoment): void {
  if (fault instanceof QueueError && moment === now) throw fault;
}
