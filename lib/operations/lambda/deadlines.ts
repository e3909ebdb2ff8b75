import type { Clock } from '../../queue/clock.js';
import { sharedController } from '../../queue/shared-signal.js';
import type { LambdaContext } from './lambda-event.js';

/** The two deadlines of an invocation, before Lambda ends it. */
export interface InvocationDeadlines {
  /** Aborts when nothing may start any more, and handlers are given up. */
  readonly ending: AbortSignal;
  /** Aborts when the answer must be given. */
  readonly over: AbortSignal;
  /** The time that was left, in ms, if it is too short for the time before its end that was asked for. */
  readonly tooShortMs: number | undefined;
  /** Ends the timers. */
  clear(): void;
}

/** Share of the time before the end that requests have. The answer needs the rest. */
const GRACE = 0.5;
/** Largest share of an invocation that the time before its end may take. */
const MOST = 0.5;

/**
 * Sets the deadlines of an invocation. Without a context there are none.
 *
 * @param beforeMs time before the end at which handlers are aborted, at most half of what is left
 */
export function startDeadlines(
  context: LambdaContext | undefined,
  beforeMs: number,
  clock: Clock,
): InvocationDeadlines {
  const [ending, over] = [sharedController(), sharedController()];
  const signals = { ending: ending.signal, over: over.signal };
  const left = context?.getRemainingTimeInMillis?.();
  if (left === undefined) return { ...signals, tooShortMs: undefined, clear: () => undefined };
  const before = Math.min(beforeMs, left * MOST);
  const abortIn = (controller: AbortController, ms: number): (() => void) => {
    if (ms > 0) return clock.setTimer(() => controller.abort(), ms);
    controller.abort();
    return () => undefined;
  };
  const cancels = [abortIn(ending, left - before), abortIn(over, left - before * GRACE)];
  const clear = (): void => cancels.forEach((cancel) => cancel());
  return { ...signals, tooShortMs: before < beforeMs ? left : undefined, clear };
}

/** Resolves when a signal aborts. */
export function untilAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
