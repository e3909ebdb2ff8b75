import { backoff, type BackoffOptions, type Clock } from './clock.js';

/** Shortest pause in ms. A queue that fails at once must not be called without a pause. */
const MIN_PAUSE_MS = 10;

/** Opens when a request fails as a whole, and closes when a request is answered. */
export class CircuitBreaker {
  /** Start of the first request without an answer; undefined while the breaker is closed. */
  private openSince: number | undefined;
  private failures = 0;
  private nextAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly pauses: BackoffOptions,
  ) {}

  /** True if the last request failed as a whole. Then one request at a time tests the queue. */
  get isOpen(): boolean {
    return this.openSince !== undefined;
  }

  /** Milliseconds until the next request may start. */
  delay(): number {
    return this.isOpen ? Math.max(0, this.nextAt - this.clock.now()) : 0;
  }

  /** Milliseconds without an answered request; 0 while the breaker is closed. */
  openFor(): number {
    return this.openSince === undefined ? 0 : this.clock.now() - this.openSince;
  }

  /** Closes the breaker after an answer. */
  answered(): void {
    this.openSince = undefined;
    this.failures = 0;
    this.nextAt = -Infinity;
  }

  /** Notes a request that failed as a whole. Concurrent failures count once. */
  failed(startedAt: number): void {
    this.openSince ??= startedAt;
    if (startedAt < this.nextAt) return;
    const now = this.clock.now();
    this.nextAt = now + Math.max(MIN_PAUSE_MS, backoff(this.failures, this.pauses));
    this.failures += 1;
  }
}
