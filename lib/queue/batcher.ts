import { inRootContext } from '../common/root-context.js';
import type { BatcherSettings, BatchRequests } from './batch-requests.js';
import { backoff, type BackoffOptions, SingleTimer } from './clock.js';
import { DeliveryTimeout } from './delivery-timeout.js';
import type { LearnedSize } from './learned-size.js';
import { PendingEntries, type PendingEntry, endEntry, failEntries } from './pending-entries.js';
import { isRefusedMessage, QueueError } from './queue-error.js';
import { type Failure, isThrottled, firstRefusal, longestPause, silence, unanswered } from './batch-results.js';
import { checkResults } from './check-results.js';
import type { EntryResult } from './queue.js';
import { RequestGate } from './request-gate.js';
import { RetrySchedule } from './retry-schedule.js';

type Entry<T, R> = PendingEntry<T, R | Failure>;

const NEW = { attempts: 0, alone: false, ended: false } as const;

/**
 * Gathers single items into batch requests without adding latency. Items go out at once while fewer
 * than `maxInFlight` requests are open, and accumulate otherwise. Each item resolves with its own
 * result and never rejects. Requests run in no caller's async context.
 *
 * - An item that failed temporarily is retried with jittered backoff, apart from its request.
 * - A request that fails as a whole says nothing about its items. They wait in their order while
 *   single requests test the queue, at least once in a second and a half.
 * - A request that is refused as invalid is repeated item by item, so that only invalid items fail.
 * - A request of several items that is refused as too large is repeated as smaller requests. Later
 *   requests stay as small. An item that is too large by itself fails.
 */
export class Batcher<T, R extends EntryResult> {
  private readonly pending: PendingEntries<T, R | Failure>;
  private readonly gate: RequestGate;
  private readonly pauses: BackoffOptions;
  private readonly retries: RetrySchedule<Entry<T, R>>;
  private readonly linger: SingleTimer;
  private readonly pause: SingleTimer;
  private readonly idleWaiters: (() => void)[] = [];
  private readonly timeout: DeliveryTimeout;
  /** An array, not a `Set`: see `LinkedItems`. */
  private readonly open: (readonly Entry<T, R>[])[] = [];
  private scheduled = false;
  private aborted: QueueError | undefined;
  /** Error of the last request that failed as a whole. */
  private lastError: QueueError | undefined;

  constructor(
    private readonly requests: BatchRequests<T, R>,
    private readonly settings: BatcherSettings,
  ) {
    const { clock, retryBaseMs: baseMs, retryMaxMs: maxMs, random, maxInFlight, deliveryTimeoutMs: ms } = settings;
    this.pauses = { baseMs, maxMs, ...(random && { random }) };
    this.pending = new PendingEntries(requests, settings);
    this.retries = new RetrySchedule(clock, (entries) => {
      this.pending.putBack(entries);
      this.pump();
    });
    this.gate = new RequestGate({ clock, maxInFlight, pauses: this.pauses });
    const expire = (until: number): void => this.expire(until);
    this.timeout = new DeliveryTimeout({ clock, ms, gate: this.gate, expire, isIdle: () => this.isIdle() });
    this.linger = new SingleTimer(clock, () => this.pump());
    this.pause = new SingleTimer(clock, () => this.pump());
  }

  /** Resolves with the final result of the item. */
  add(item: T): Promise<R | Failure> {
    if (this.aborted) return Promise.resolve({ ok: false, error: this.aborted });
    return new Promise((resolve) => {
      const key = this.requests.keyOf?.(item);
      this.pending.push({ item, key, ...NEW, addedAt: this.settings.clock.now(), resolve });
      this.schedule();
    });
  }

  /** Returns what the queue has shown about the bytes of a request. */
  get requestSize(): Pick<LearnedSize, 'maxBytes' | 'acceptedBytes'> {
    return this.pending.size;
  }

  /** Sends lingering items at once. Resolves when every item has ended. */
  idle(): Promise<void> {
    this.linger.cancel();
    this.pump();
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Fails all items that no open request carries, and all later items. */
  abort(error: QueueError): void {
    this.aborted ??= error;
    for (const timer of [this.linger, this.pause, this.timeout]) timer.cancel();
    failEntries([...this.pending.takeAll(), ...this.retries.takeAll()], this.aborted);
    this.wakeIdle();
  }

  private schedule(): void {
    const lingerMs = this.settings.lingerMs();
    if (lingerMs === 0) this.linger.cancel();
    else if (this.pending.length < this.settings.maxEntries) return this.linger.start(lingerMs);
    if (this.scheduled) return;
    this.scheduled = true;
    // Waits for the end of the turn, so that all items of the turn share the request.
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  /** Starts requests while entries wait and the gate lets requests through. */
  private pump(): void {
    while (this.pending.length > this.lingering() && !this.gate.isFull) {
      const wait = this.gate.delay();
      if (wait > 0) return this.pause.restart(wait);
      const batch = this.pending.take();
      if (batch.length === 0) return; // All pending entries wait for their keys.
      void inRootContext(() => this.execute(batch));
    }
  }

  /** Returns how many entries may stay behind: less than a full request while the oldest lingers. */
  private lingering(): number {
    const { clock, lingerMs, maxEntries } = this.settings;
    return this.linger.isRunning && clock.now() - this.pending.oldestAt < lingerMs() ? maxEntries - 1 : 0;
  }

  private async execute(batch: readonly Entry<T, R>[]): Promise<void> {
    const startedAt = this.gate.started();
    this.open.push(batch);
    this.timeout.watch();
    const answer = await this.request(batch);
    this.open.splice(this.open.indexOf(batch), 1);
    if (answer instanceof QueueError) this.failed(batch, answer, startedAt);
    else this.answered(batch, answer);
    this.pump();
    this.wakeIdle();
  }

  /** Performs a request. Returns an error if the request failed as a whole. */
  private async request(batch: readonly Entry<T, R>[]): Promise<readonly (R | undefined)[] | QueueError> {
    const { queue } = this.settings;
    try {
      const items = batch.map(({ item }) => item);
      return checkResults(await this.requests.run(items), queue);
    } catch (error) {
      return QueueError.from(error, queue);
    }
  }

  /** Ends the entries of an answered request. Entries that failed temporarily are retried. */
  private answered(batch: readonly Entry<T, R>[], results: readonly (R | undefined)[]): void {
    this.heard(results.some(isThrottled), firstRefusal(results));
    if (this.pending.size.isLearning && results.some((result) => result?.ok)) this.learn(batch);
    const again = batch.filter((entry, at) => !this.settle(entry, results[at] ?? unanswered(this.settings.queue)));
    // Entries keep their keys until they have ended, so no later entry of a key overtakes them.
    const held = new Set(again.map(({ key }) => key));
    this.pending.free(batch.filter(({ key }) => !held.has(key)));
    if (again.length > 0) this.retries.add(again, longestPause(results, backoff(again[0]!.attempts - 1, this.pauses)));
  }

  private learn(batch: readonly Entry<T, R>[]): void {
    const limit = this.pending.size.accept(this.pending.bytesOf(batch));
    if (limit) this.settings.learned?.(limit);
  }

  /** Ends an attempt. False if the entry needs another attempt. */
  private settle(entry: Entry<T, R>, result: R | Failure): boolean {
    if (entry.ended) return true;
    entry.attempts += 1;
    if (!result.ok && this.mayRetry(result.error) && entry.attempts < this.settings.maxAttempts) return false;
    endEntry(entry, result);
    return true;
  }

  /** Decides about the entries of a request that failed as a whole. */
  private failed(batch: readonly Entry<T, R>[], error: QueueError, startedAt: number): void {
    this.pending.free(batch);
    const left = batch.filter(({ ended }) => !ended);
    if (this.mayRetry(error)) {
      this.lastError = error;
      this.settings.listener?.failed(error);
      this.gate.failed(startedAt, error);
      this.pending.putBack(left);
      return this.timeout.look();
    }
    this.heard(false, isRefusedMessage(error) ? undefined : error);
    if (!isRefusedMessage(error) || batch.length === 1) return failEntries(left, error);
    // The refusal of a request of several says nothing about each of them.
    if (this.aborted) return failEntries(left, this.aborted);
    this.divide(batch, error);
    this.pending.putBack(left);
  }

  /** Lets the entries of a refused request share smaller requests, or travel alone. */
  private divide(batch: readonly Entry<T, R>[], { kind }: QueueError): void {
    const bytes = this.pending.bytesOf(batch);
    if (kind === 'too-large' && bytes > 0) return this.pending.size.refuse(bytes);
    // Finds the entries that make the request invalid.
    for (const entry of batch) entry.alone = true;
  }

  /** Fails the entries that have waited since `until`, for the whole delivery timeout of an outage. */
  private expire(until: number): void {
    // Without a timeout only the failed request counts.
    const open = this.settings.deliveryTimeoutMs > 0 ? this.open.flat() : [];
    const late = open.filter((entry) => this.pending.waitsSince(entry) <= until);
    failEntries([...late, ...this.pending.takeUntil(until)], this.lastError ?? silence(this.settings));
    this.wakeIdle();
  }

  /** Notes an answer. `refusal` is the error if the caller has no access. */
  private heard(throttled: boolean, refusal: QueueError | undefined): void {
    this.gate.answered(throttled);
    this.lastError = undefined;
    const { listener } = this.settings;
    if (refusal) listener?.failed(refusal);
    else listener?.answered();
  }

  private mayRetry(error: QueueError): boolean {
    return error.retryable && !this.aborted;
  }

  private isIdle(): boolean {
    return this.pending.length === 0 && this.gate.isIdle && this.retries.isEmpty;
  }

  private wakeIdle(): void {
    if (!this.isIdle()) return;
    this.timeout.cancel();
    for (const wake of this.idleWaiters.splice(0)) wake();
  }
}
