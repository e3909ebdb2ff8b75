import type { Clock } from './clock.js';

/** The part of the rate that is kept when the queue asks to slow down. */
const SLOW_DOWN = 0.7;
/** How much faster each second without a complaint, as a part of what the queue bore at the last one. */
const SPEED_UP = 0.05;
/** Never slower: requests a second. */
const LEAST_RATE = 0.5;
/** The span over which the rate that the queue bears is measured. */
const WINDOW_MS = 1_000;
/** At a steady limit complaints come every few seconds; so long without one, and the limit is gone. */
const FORGET_MS = 20_000;

/**
 * Holds the pace of requests to what a queue bears. Free until it is throttled; then a little below the rate at which requests had
 * succeeded, and slowly faster again: additive increase and multiplicative decrease, as in TCP.
 */
export class AdaptiveRateLimiter {
  /** Requests a second; undefined while free. */
  private rate: number | undefined;
  private acceptedRate = LEAST_RATE;
  private nextAt = 0;
  private changedAt = 0;
  private throttledAt = -Infinity;
  /** Successes of the running window and of the one before. */
  private window = { startedAt: -Infinity, count: 0, before: 0 };

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until the next request may start. */
  delay(): number {
    return this.rate === undefined ? 0 : Math.max(0, this.nextAt - this.clock.now());
  }

  /** A request starts. */
  started(): void {
    if (this.rate !== undefined) this.nextAt = Math.max(this.nextAt, this.clock.now()) + 1_000 / this.rate;
  }

  /** A request ended. */
  ended(throttled: boolean): void {
    const now = this.clock.now();
    this.turnWindow(now);
    if (throttled) return this.slowDown(now);
    this.window.count += 1;
    if (this.rate !== undefined) this.speedUp(now, this.rate);
  }

  private slowDown(now: number): void {
    // Complaints about requests of one moment are one complaint.
    if (now - this.throttledAt < WINDOW_MS / 2) return;
    const { startedAt, count, before } = this.window;
    this.throttledAt = now;
    this.acceptedRate = Math.max(LEAST_RATE, count + before * (1 - (now - startedAt) / WINDOW_MS));
    this.rate = Math.max(LEAST_RATE, this.acceptedRate * SLOW_DOWN);
    this.changedAt = now;
    this.nextAt = now + 1_000 / this.rate;
  }

  private speedUp(now: number, rate: number): void {
    const more = rate + ((now - this.changedAt) / 1_000) * SPEED_UP * this.acceptedRate;
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
