import type { Clock } from '../queue/clock.js';

/** Fewest completions that a rate is measured from. */
const LEAST_WINDOW = 64;
/** Time in ms without work after which the past says nothing about the next messages. */
const FORGET_MS = 10_000;

/**
 * Measures how many messages a second the handlers of a worker finish while they have work. Looks at
 * the last completions, twice as many as handlers run at the same time: handlers that end together
 * count as one round. Time without work does not count. A handler that runs for longer than before
 * lowers the rate at once.
 */
export class WorkRate {
  /** Working time in ms at the last completions. */
  private readonly times: Float64Array;
  private completions = 0;
  private running = 0;
  /** Working time in ms until the last change between work and no work, and the time of that change. */
  private workedMs = 0;
  private changedAt = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    concurrency: number,
  ) {
    this.times = new Float64Array(Math.max(LEAST_WINDOW, 2 * concurrency));
  }

  /** Counts the messages whose handlers have not ended. */
  get unfinished(): number {
    return this.running;
  }

  begin(): void {
    this.running += 1;
    if (this.running > 1) return;
    const now = this.clock.now();
    if (now - this.changedAt > FORGET_MS) this.completions = 0;
    if (this.completions === 0) this.workedMs = 0;
    this.changedAt = now;
  }

  end(): void {
    const worked = this.worked();
    this.times[this.completions % this.times.length] = worked;
    this.completions += 1;
    this.running -= 1;
    if (this.running > 0) return;
    this.workedMs = worked;
    this.changedAt = this.clock.now();
  }

  /** Returns the rate in messages a millisecond; 0 until a first message is finished. */
  perMs(): number {
    const { completions, times } = this;
    if (completions === 0) return 0;
    const isFull = completions >= times.length;
    const since = isFull ? times[completions % times.length]! : 0;
    const counted = isFull ? times.length - 1 : completions;
    // The clock counts whole milliseconds.
    return counted / Math.max(1, this.worked() - since);
  }

  private worked(): number {
    return this.running > 0 ? this.workedMs + this.clock.now() - this.changedAt : this.workedMs;
  }
}
