import { backoff, type Clock } from './clock.js';

/** A queue that fails at once must not be asked without pause. */
const LEAST_PAUSE_MS = 10;

/** Keeps account of a queue that does not answer: for how long already, and when to ask it again. */
export class CircuitBreaker {
  /** When the first of the requests was made that all went unanswered; undefined while there are answers. */
  private since: number | undefined;
  private failures = 0;
  private askAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly pauses: { readonly baseMs: number; readonly maxMs: number; readonly random?: () => number },
  ) {}

  /** Whether the last request went unanswered: then one at a time is enough to find out. */
  get lasts(): boolean {
    return this.since !== undefined;
  }

  /** Milliseconds until the next request may start. */
  delay(): number {
    return this.lasts ? Math.max(0, this.askAt - this.clock.now()) : 0;
  }

  /** How long no request has been answered, in ms. */
  age(): number {
    return this.since === undefined ? 0 : this.clock.now() - this.since;
  }

  answered(): void {
    this.since = undefined;
    this.failures = 0;
    this.askAt = -Infinity;
  }

  /** A request that started then has failed as a whole. Those of one moment count once. */
  failed(startedAt: number): void {
    this.since ??= startedAt;
    if (startedAt < this.askAt) return;
    const now = this.clock.now();
    this.askAt = now + Math.max(LEAST_PAUSE_MS, backoff(this.failures, this.pauses));
    this.failures += 1;
  }
}
