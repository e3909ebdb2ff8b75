import { performance } from 'node:perf_hooks';

/**
 * Time as a dependency, so that tests can control it.
 *
 * @publicApi
 */
export interface Clock {
  /**
   * Milliseconds for measuring durations, roughly since the epoch. `Date` gives the time of day.
   */
  now(): number;
  /** Calls back once after `ms`. The returned function cancels the timer; callable at any time. */
  setTimer(callback: () => void, ms: number, options?: TimerOptions): () => void;
}

/**
 * Configures a timer.
 *
 * @publicApi
 */
export interface TimerOptions {
  /** True if the timer alone must not keep the process alive. Default false. */
  readonly background?: boolean | undefined;
}

/** Longest delay that Node's timers accept. A longer delay fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A constant that Node looks up anew at each access. */
const { timeOrigin } = performance;

/**
 * The machine's monotonic clock. Leases and pauses use the same clock as Node's timers, so changing
 * the system time has no effect on them.
 *
 * @publicApi
 */
export const systemClock: Clock = {
  now: () => Math.floor(timeOrigin + performance.now()),
  setTimer(callback, ms, { background = false } = {}) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    if (background) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Runs a callback after a time. Has at most one timer at a time. */
export class SingleTimer {
  private stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly callback: () => void,
    private readonly options: TimerOptions = {},
  ) {}

  get isRunning(): boolean {
    return this.stop !== undefined;
  }

  /** Starts the timer. Does nothing while the timer runs. */
  start(ms: number): void {
    if (this.stop !== undefined) return;
    const fire = (): void => {
      this.stop = undefined;
      this.callback();
    };
    this.stop = this.clock.setTimer(fire, ms, this.options);
  }

  /** Starts the timer anew. */
  restart(ms: number): void {
    this.cancel();
    this.start(ms);
  }

  cancel(): void {
    this.stop?.();
    this.stop = undefined;
  }
}

/**
 * Resolves after `ms`, or at once when the signal aborts. Never rejects: the caller checks the
 * signal.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.setTimer(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Configures {@link backoff}. */
export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor?: number;
  readonly random?: () => number;
}

/**
 * Computes an exponential backoff with full jitter: a random time from 0 to
 * `min(maxMs, baseMs * factor^attempt)`. The first attempt is 0.
 */
export function backoff(attempt: number, options: BackoffOptions): number {
  const { baseMs, maxMs, factor = 2, random = Math.random } = options;
  // The power may be infinite, and 0 times infinity is NaN.
  return random() * Math.min(maxMs, baseMs * Math.min(factor ** attempt, Number.MAX_VALUE));
}

/**
 * Computes an exponential backoff with equal jitter: half of {@link backoff}'s longest time, and a
 * random half of it.
 */
export function equalBackoff(attempt: number, options: BackoffOptions): number {
  return (backoff(attempt, { ...options, random: () => 1 }) + backoff(attempt, options)) / 2;
}
