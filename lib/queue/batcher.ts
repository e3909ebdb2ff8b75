import { backoff, type BackoffOptions, type Clock, SingleTimer } from './clock.js';
import { type ItemMeasures, PendingEntries, type PendingEntry, type RequestLimits } from './pending-entries.js';
import { QueueError } from './queue-error.js';
import { checkResults } from './check-results.js';
import type { EntryResult } from './queue.js';
import { RequestGate } from './request-gate.js';
import { RetrySchedule } from './retry-schedule.js';

/** Configures a {@link Batcher}. */
export interface BatcherSettings extends RequestLimits {
  /** Name of the queue, for errors. */
  readonly queue: string;
  readonly clock: Clock;
  /** Open requests. Further items wait and fill the next requests. */
  readonly maxInFlight: number;
  /**
   * Time in ms to wait for more items before a request that is not full. 0 sends at the end of the
   * turn.
   */
  readonly lingerMs: number;
  /** Attempts of an item that the queue answered individually, the first included. */
  readonly maxAttempts: number;
  /**
   * Time in ms without an answered request after which items fail that have waited as long. They
   * fail with the error of the last request.
   */
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random?: () => number;
}

/** Performs the requests of a {@link Batcher}. */
export interface BatchRequests<T, R extends EntryResult> extends ItemMeasures<T> {
  /** Performs one request for all `items` and returns a result for each, in order. */
  run(items: readonly T[]): Promise<readonly R[]>;
  /**
   * Returns the key of an item. Items of one key never travel in two open requests, so their order
   * is kept. Default: no key.
   */
  keyOf?(item: T): string | undefined;
}

/** Result of an item that no request stored. */
interface Failure {
  readonly ok: false;
  readonly error: QueueError;
}

type Entry<T, R> = PendingEntry<T, R | Failure>;

/**
 * Gathers single items into batch requests without adding latency. Items go out at once while fewer
 * than `maxInFlight` requests are open, and accumulate otherwise. Each item resolves with its own
 * result and never rejects.
 *
 * - An item that failed temporarily is retried with jittered backoff, apart from the other items of
 *   its request.
 * - A request that fails as a whole says nothing about its items. They wait in their order while
 *   one request at a time tests the queue, with the same backoff.
 * - A request that is refused as invalid is repeated item by item, so that only invalid items fail.
 */
export class Batcher<T, R extends EntryResult> {
  private readonly pending: PendingEntries<T, R | Failure>;
  private readonly gate: RequestGate;
  private readonly pauses: BackoffOptions;
  private readonly retries: RetrySchedule<Entry<T, R>>;
  private readonly linger: SingleTimer;
  private readonly pause: SingleTimer;
  private readonly idleWaiters: (() => void)[] = [];
  private scheduled = false;
  private aborted: QueueError | undefined;

  constructor(
    private readonly requests: BatchRequests<T, R>,
    private readonly settings: BatcherSettings,
  ) {
    const { clock, retryBaseMs: baseMs, retryMaxMs: maxMs, random, maxInFlight } = settings;
    this.pauses = { baseMs, maxMs, ...(random && { random }) };
    this.pending = new PendingEntries(requests, settings);
    this.retries = new RetrySchedule(clock, (entries) => this.retry(entries));
    this.gate = new RequestGate({ clock, maxInFlight, pauses: this.pauses });
    this.linger = new SingleTimer(clock, () => this.pump());
    this.pause = new SingleTimer(clock, () => this.pump());
  }

  /** Resolves with the final result of the item. */
  add(item: T): Promise<R | Failure> {
    if (this.aborted) return Promise.resolve({ ok: false, error: this.aborted });
    return new Promise((resolve) => {
      const key = this.requests.keyOf?.(item);
      this.pending.push({ item, key, attempts: 0, alone: false, addedAt: this.settings.clock.now(), resolve });
      this.schedule();
    });
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
    this.linger.cancel();
    this.pause.cancel();
    fail([...this.pending.takeAll(), ...this.retries.takeAll()], this.aborted);
    this.wakeIdle();
  }

  private schedule(): void {
    const { lingerMs, maxEntries } = this.settings;
    if (lingerMs > 0 && this.pending.length < maxEntries) return this.linger.start(lingerMs);
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
    while (this.pending.length > 0 && !this.gate.isFull) {
      const wait = this.gate.delay();
      if (wait > 0) return this.pause.start(wait);
      const batch = this.pending.take();
      // All pending entries wait for their keys.
      if (batch.length === 0) return;
      void this.execute(batch);
    }
  }

  private async execute(batch: readonly Entry<T, R>[]): Promise<void> {
    const startedAt = this.gate.started();
    const answer = await this.request(batch);
    if (answer instanceof QueueError) this.failed(batch, answer, startedAt);
    else this.answered(batch, answer);
    this.pump();
    this.wakeIdle();
  }

  /** Performs a request. Returns an error if the request failed as a whole. */
  private async request(batch: readonly Entry<T, R>[]): Promise<readonly (R | undefined)[] | QueueError> {
    const { queue } = this.settings;
    try {
      return checkResults(await this.requests.run(batch.map(({ item }) => item)), queue);
    } catch (error) {
      return QueueError.from(error, queue);
    }
  }

  /** Ends the entries of an answered request. Entries that failed temporarily are retried. */
  private answered(batch: readonly Entry<T, R>[], results: readonly (R | undefined)[]): void {
    this.gate.answered(results.some(isThrottled));
    const again = batch.filter((entry, at) => !this.settle(entry, results[at] ?? this.unanswered()));
    // Entries keep their keys until they have ended, so no later entry of a key overtakes them.
    const held = new Set(again.map(({ key }) => key));
    this.pending.free(batch.filter(({ key }) => !held.has(key)));
    if (again.length > 0) this.retries.add(again, backoff(again[0]!.attempts - 1, this.pauses));
  }

  /** Ends an attempt. False if the entry needs another attempt. */
  private settle(entry: Entry<T, R>, result: R | Failure): boolean {
    entry.attempts += 1;
    if (!result.ok && this.mayRetry(result.error) && entry.attempts < this.settings.maxAttempts) return false;
    entry.resolve(result);
    return true;
  }

  /** Puts entries back whose pause is over. */
  private retry(entries: readonly Entry<T, R>[]): void {
    this.pending.putBack(entries);
    this.pump();
  }

  /** Decides about the entries of a request that failed as a whole. */
  private failed(batch: readonly Entry<T, R>[], error: QueueError, startedAt: number): void {
    if (this.mayRetry(error)) {
      this.gate.failed(startedAt, error.kind === 'throttled');
      this.pending.putBack(batch);
      return this.failLate(error);
    }
    this.gate.answered(false);
    if (error.kind === 'invalid' && batch.length > 1 && !this.aborted) return this.repeatOneByOne(batch);
    this.pending.free(batch);
    fail(batch, error);
  }

  /** Fails the entries that have waited for the whole delivery timeout of an outage. */
  private failLate(error: QueueError): void {
    const { clock, deliveryTimeoutMs } = this.settings;
    if (this.gate.outageMs() < deliveryTimeoutMs) return;
    fail(this.pending.takeUntil(clock.now() - deliveryTimeoutMs), error);
  }

  /** Finds the entries that make a request invalid. */
  private repeatOneByOne(batch: readonly Entry<T, R>[]): void {
    for (const entry of batch) entry.alone = true;
    this.pending.putBack(batch);
  }

  private mayRetry(error: QueueError): boolean {
    return error.retryable && !this.aborted;
  }

  private unanswered(): Failure {
    const { queue } = this.settings;
    const message = `the answer of ${queue} has no result for this entry`;
    return { ok: false, error: new QueueError(message, { code: 'EntryUnanswered', kind: 'service', queue }) };
  }

  private isIdle(): boolean {
    return this.pending.length === 0 && this.gate.isIdle && this.retries.isEmpty;
  }

  private wakeIdle(): void {
    if (!this.isIdle()) return;
    for (const wake of this.idleWaiters.splice(0)) wake();
  }
}

function isThrottled(result: EntryResult | undefined): boolean {
  return result?.ok === false && result.error.kind === 'throttled';
}

function fail(entries: readonly PendingEntry<unknown, Failure>[], error: QueueError): void {
  for (const { resolve } of entries) resolve({ ok: false, error });
}
