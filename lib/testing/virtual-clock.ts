import type { Clock } from '../queue/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Turns of the event loop that follow each timer. A few turns suffice, because each turn runs all
 * promise chains to their end.
 */
const SETTLE_TURNS = 4;

/** 2025-01-01T00:00:00Z: later than the absolute times in tests, and easy to read in output. */
const DEFAULT_START = Date.UTC(2025, 0, 1);

/**
 * Lets a test control the time. Time stands still between two calls of
 * {@link VirtualClock.advance}. The speed of the machine therefore does not affect a test.
 *
 * @publicApi
 */
export class VirtualClock implements Clock {
  private time: number;
  private order = 0;
  private readonly timers = new Set<Timer>();

  /** @param start first moment in ms since the epoch; default 2025-01-01T00:00:00Z */
  constructor(start: number = DEFAULT_START) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void, ms: number): () => void {
    const timer = { at: this.time + Math.max(0, ms), order: this.order++, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /**
   * Number of timers that have not run yet. 0 after a clean stop of all code that used the clock.
   */
  get pending(): number {
    return this.timers.size;
  }

  /**
   * Moves time forward by `ms`. Runs each timer at its own time, in order, including timers that
   * are set on the way. Promises settle before the first timer, after each timer and at the end.
   * Does not wait for network or disk operations.
   */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (let timer = this.nextUntil(end); timer !== undefined; timer = this.nextUntil(end)) {
      this.timers.delete(timer);
      this.time = Math.max(this.time, timer.at);
      timer.callback();
      await settle();
    }
    this.time = end;
    await settle();
  }

  private nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at > end) continue;
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
