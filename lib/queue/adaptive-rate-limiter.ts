import type { Clock } from './clock.js';

/** Part of the accepted rate that remains after the queue throttled. */
const DECREASE = 0.7;
/** Increase per second without throttling, as a part of the rate that the queue last accepted. */
const INCREASE = 0.05;
/** Lowest rate, in requests per second. */
const MIN_RATE = 0.5;
/** Time in ms over which the accepted rate is measured. */
const WINDOW_MS = 1_000;
/** Time in ms without throttling after which the limit ends. Steady limits throttle more often. */
const FORGET_MS = 20_000;

/**
 * Limits the rate of requests to the rate that a queue accepts. Requests are free until the queue
 * throttles. Then the rate drops to just below the accepted rate and speeds up gradually: additive
 * increase and multiplicative decrease, as in TCP.
 */
export class AdaptiveRateLimiter {
  /** Requests per second; undefined without a limit. */
  private rate: number | undefined;
  private acceptedRate = MIN_RATE;
  private nextAt = 0;
  private changedAt = 0;
  private throttledAt = -Infinity;
  /** Successes of the current window and of the window before. */
  private window = { startedAt: -Infinity, count: 0, before: 0 };

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until the next request may start. */
  delay(): number {
    return this.rate === undefined ? 0 : Math.max(0, this.nextAt - this.clock.now());
  }

  /** Notes the start of a request. */
  started(): void {
    if (this.rate !== undefined) this.nextAt = Math.max(this.nextAt, this.clock.now()) + 1_000 / this.rate;
  }

  /** Notes the end of a request. */
  ended(throttled: boolean): void {
    const now = this.clock.now();
    this.turnWindow(now);
    if (throttled) return this.slowDown(now);
    this.window.count += 1;
    if (this.rate !== undefined) this.speedUp(now, this.rate);
  }

  private slowDown(now: number): void {
    // Throttled requests of the same moment count once.
    if (now - this.throttledAt < WINDOW_MS / 2) return;
    const { startedAt, count, before } = this.window;
    this.throttledAt = now;
    this.acceptedRate = Math.max(MIN_RATE, count + before * (1 - (now - startedAt) / WINDOW_MS));
    this.rate = Math.max(MIN_RATE, this.acceptedRate * DECREASE);
    this.changedAt = now;
    this.nextAt = now + 1_000 / this.rate;
  }

  private speedUp(now: number, rate: number): void {
    const more = rate + ((now - this.changedAt) / 1_000) * INCREASE * this.acceptedRate;
    this.rate = now - this.throttledAt > FORGET_MS ? undefined : more;
    this.changedAt = now;
  }

  private turnWindow(now: number): void {
    const { startedAt, count } = this.window;
    const age = now - startedAt;
    if (age < WINDOW_MS) return;
    this.window = { startedAt: now, count: 0, before: age < 2 * WINDOW_MS ? count : 0 };
  }
}
