import { performance } from 'node:perf_hooks';

/** Time as a dependency, so that tests turn the hands themselves. */
export interface Clock {
  /** Milliseconds, about those since the epoch: for how long something takes. What is the time of day is for `Date` to tell. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels it and may be called at any time. */
  setTimer(callback: () => void, ms: number): () => void;
}

/** Longest delay that Node's timers take; a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's clock, as its timers go by it: evenly from the start of the process on, whatever the time of day is set to. Leases and
 * pauses that went by that would end too soon, or never.
 */
export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  setTimer(callback, ms) {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or at once when the signal aborts (it never rejects: the caller looks at the signal). */
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

/** Exponential backoff with full jitter: a random time from 0 to `min(max, base * factor^attempt)`, attempt counted from 0. */
export function backoff(
  attempt: number,
  options: {
    readonly baseMs: number;
    readonly maxMs: number;
    readonly factor?: number;
    readonly random?: () => number;
  },
): number {
  const { baseMs, maxMs, factor = 2, random = Math.random } = options;
  // The power may be beyond all numbers, and 0 times that would be no number.
  return random() * Math.min(maxMs, baseMs * Math.min(factor ** attempt, Number.MAX_VALUE));
}
