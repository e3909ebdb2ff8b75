import { type BackoffOptions, type Clock, equalBackoff } from './clock.js';

/** Shortest pause in ms. A queue that fails at once must not be called without a pause. */
const MIN_PAUSE_MS = 10;

/** Longest pause in ms. A queue that answers again is used after at most this time. */
const MAX_PAUSE_MS = 1_000;

/** Opens when a request fails as a whole, and closes when a request is answered. */
export class CircuitBreaker {
  private failures = 0;
  private nextAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly pauses: BackoffOptions,
  ) {}

  /** True if the last request failed as a whole. Then single requests test the queue. */
  get isOpen(): boolean {
    return this.failures > 0;
  }

  /** Milliseconds until the next request may start. */
  delay(): number {
    return Math.max(0, this.nextAt - this.clock.now());
  }

  /** Closes the breaker after an answer. */
  answered(): void {
    this.failures = 0;
    this.nextAt = -Infinity;
  }

  /**
   * Notes a request that failed as a whole. Concurrent failures count once.
   *
   * @param retryAfterMs shortest pause that the service asks for
   */
  failed(startedAt: number, retryAfterMs = 0): void {
    if (startedAt < this.nextAt) return;
    const pauses = { ...this.pauses, maxMs: Math.min(this.pauses.maxMs, MAX_PAUSE_MS) };
    const pause = Math.max(MIN_PAUSE_MS, retryAfterMs, equalBackoff(this.failures, pauses));
    this.nextAt = this.clock.now() + pause;
    this.failures += 1;
  }
}
