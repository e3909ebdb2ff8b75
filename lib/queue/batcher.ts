import { backoff, type Clock } from './clock.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { AdaptiveRateLimiter } from './adaptive-rate-limiter.js';
import { QueueError } from './queue-error.js';
import type { EntryResult } from './queue.js';
import { PendingEntries, type PendingEntry } from './pending-entries.js';

/** What a {@link Batcher} is made of. */
export interface BatcherOptions<T, R extends EntryResult> {
  /** The queue's name, for errors. */
  readonly queue: string;
  readonly clock: Clock;
  /** Carries out one request for all `items` and answers for each, in order. */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
  /** Entries of one request. */
  readonly maxEntries: number;
  /** Bytes of one request, by `sizeOf`; unlimited when absent. */
  readonly maxBytes?: number;
  /** Asked when a request is put together; an item may grow until then. */
  readonly sizeOf?: (item: T) => number;
  /** Items of one key never travel in two requests at once, so their order is kept. */
  readonly keyOf?: (item: T) => string | undefined;
  /** A request has one item of a key, so that items of a key keep their order when only some of a request fail. Default false. */
  readonly oneOfKey?: boolean;
  /** When an item last grew, if it does: it counts as waiting from then on. */
  readonly grownAt?: (item: T) => number | undefined;
  /** Requests open at once; more items wait and fill the next ones. */
  readonly maxInFlight: number;
  /** Wait so long for more items before a request that is not full; 0 sends at the end of the current turn. */
  readonly lingerMs: number;
  /** Tries of one item that the queue answered for itself, the first included. */
  readonly maxAttempts: number;
  /** When no request has been answered for so long, items that have waited as long fail with what the last request failed with. */
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random?: () => number;
}

type Entry<T, R> = PendingEntry<T, R | { ok: false; error: QueueError }>;

/**
 * Gathers single items into batch requests without adding latency: what waits goes out at once while fewer than `maxInFlight`
 * requests are open, and accumulates while they are. Each item resolves with its own outcome and never rejects; items that failed
 * in a way that may pass are tried again alone in what they failed in, with jittered backoff.
 *
 * A request that fails as a whole says nothing of its items: they wait in their order until the queue answers again, which one request
 * at a time finds out, with the same backoff. Only one that is refused as unacceptable is taken apart, so that the good ones get through.
 */
export class Batcher<T, R extends EntryResult> {
  private readonly pending: PendingEntries<T, R | { ok: false; error: QueueError }>;
  private readonly retrying = new Map<Entry<T, R>[], () => void>();
  private readonly idleWaiters: (() => void)[] = [];
  private open = 0;
  private scheduled = false;
  private cancelLinger: (() => void) | undefined;
  private cancelPace: (() => void) | undefined;
  private readonly rateLimiter: AdaptiveRateLimiter;
  private readonly breaker: CircuitBreaker;
  private aborted: QueueError | undefined;

  constructor(private readonly options: BatcherOptions<T, R>) {
    const { clock, retryBaseMs: baseMs, retryMaxMs: maxMs, random } = options;
    this.pending = new PendingEntries(options);
    this.rateLimiter = new AdaptiveRateLimiter(clock);
    this.breaker = new CircuitBreaker(clock, { baseMs, maxMs, ...(random && { random }) });
  }

  /** Resolves with the outcome of this item once it is final. */
  add(item: T): Promise<R | { ok: false; error: QueueError }> {
    if (this.aborted) return Promise.resolve({ ok: false, error: this.aborted });
    return new Promise((resolve) => {
      const { keyOf, clock } = this.options;
      this.pending.push({ item, key: keyOf?.(item), attempts: 0, alone: false, addedAt: clock.now(), resolve });
      this.schedule();
    });
  }

  /** Resolves when no item waits, is under way, or is due for another try. */
  idle(): Promise<void> {
    this.cancelLinger?.();
    this.cancelLinger = undefined;
    this.pump();
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Fails all items that no open request carries, and every later one. */
  abort(error: QueueError): void {
    this.aborted ??= error;
    this.cancelLinger?.();
    this.cancelLinger = undefined;
    this.cancelPace?.();
    this.cancelPace = undefined;
    const left = [...this.pending.takeAll(), ...[...this.retrying.keys()].flat()];
    for (const cancel of this.retrying.values()) cancel();
    this.retrying.clear();
    for (const entry of left) entry.resolve({ ok: false, error: this.aborted });
    this.wakeIdle();
  }

  private schedule(): void {
    const { lingerMs, maxEntries, clock } = this.options;
    if (lingerMs > 0 && this.pending.length < maxEntries) {
      this.cancelLinger ??= clock.setTimer(() => {
        this.cancelLinger = undefined;
        this.pump();
      }, lingerMs);
      return;
    }
    if (this.scheduled) return;
    this.scheduled = true;
    // The end of the turn, not this moment: what the same turn emits shares the request.
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.open < (this.breaker.lasts ? 1 : this.options.maxInFlight) && this.pending.length > 0) {
      const wait = Math.max(this.rateLimiter.delay(), this.breaker.delay());
      if (wait > 0) return this.pumpIn(wait);
      const batch = this.pending.take();
      if (batch.length === 0) return;
      void this.execute(batch);
    }
  }

  private pumpIn(ms: number): void {
    this.cancelPace ??= this.options.clock.setTimer(() => {
      this.cancelPace = undefined;
      this.pump();
    }, ms);
  }

  private async execute(batch: Entry<T, R>[]): Promise<void> {
    this.open += 1;
    this.rateLimiter.started();
    const startedAt = this.options.clock.now();
    let outcomes: readonly (R | { ok: false; error: QueueError })[];
    try {
      outcomes = await this.options.run(batch.map((entry) => entry.item));
    } catch (error) {
      const failure = QueueError.from(error, this.options.queue);
      if (failure.retryable && !this.aborted) return this.unanswered(batch, failure, startedAt);
      if (failure.kind === 'invalid' && batch.length > 1 && !this.aborted) return this.oneByOne(batch);
      outcomes = batch.map(() => ({ ok: false, error: failure }));
    }
    this.open -= 1;
    this.breaker.answered();
    this.rateLimiter.ended(outcomes.some((outcome) => outcome?.ok === false && outcome.error.kind === 'throttled'));
    const again: Entry<T, R>[] = [];
    batch.forEach((entry, i) => {
      const outcome = outcomes[i] ?? { ok: false, error: this.missing() };
      entry.attempts += 1;
      const retry = !outcome.ok && outcome.error.retryable && entry.attempts < this.options.maxAttempts;
      if (retry && !this.aborted) again.push(entry);
      else entry.resolve(outcome);
    });
    const kept = new Set(again.map((entry) => entry.key));
    this.pending.free(batch.filter(({ key }) => !kept.has(key)));
    if (again.length > 0) this.retryLater(again);
    this.pump();
    this.wakeIdle();
  }

  /** Keys of entries that wait for another try stay held, so that nothing of theirs overtakes them. */
  private retryLater(entries: Entry<T, R>[]): void {
    const { clock, retryBaseMs: baseMs, retryMaxMs: maxMs, random } = this.options;
    const ms = backoff(entries[0]!.attempts - 1, { baseMs, maxMs, ...(random && { random }) });
    const cancel = clock.setTimer(() => {
      this.retrying.delete(entries);
      this.pending.putBack(entries);
      this.pump();
    }, ms);
    this.retrying.set(entries, cancel);
  }

  /** Puts the entries back to where they were, but for those for which the outage has lasted too long. */
  private unanswered(batch: Entry<T, R>[], failure: QueueError, startedAt: number): void {
    const { clock, deliveryTimeoutMs } = this.options;
    this.open -= 1;
    if (failure.kind === 'throttled') this.rateLimiter.ended(true);
    this.breaker.failed(startedAt);
    this.pending.putBack(batch);
    const late = this.breaker.age() >= deliveryTimeoutMs ? this.pending.takeUntil(clock.now() - deliveryTimeoutMs) : [];
    for (const entry of late) entry.resolve({ ok: false, error: failure });
    this.pump();
    this.wakeIdle();
  }

  /** One of them makes the whole request unacceptable; which one, each tells when it is sent by itself. */
  private oneByOne(batch: Entry<T, R>[]): void {
    this.open -= 1;
    this.breaker.answered();
    for (const entry of batch) entry.alone = true;
    this.pending.putBack(batch);
    this.pump();
  }

  private missing(): QueueError {
    return new QueueError('the answer has no line for this entry', {
      code: 'EntryUnanswered',
      kind: 'service',
      queue: this.options.queue,
    });
  }

  private isIdle(): boolean {
    return this.pending.length === 0 && this.open === 0 && this.retrying.size === 0;
  }

  private wakeIdle(): void {
    if (!this.isIdle()) return;
    for (const wake of this.idleWaiters.splice(0)) wake();
  }
}
