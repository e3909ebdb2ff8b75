import type { Clock } from '../../queue/clock.js';
import { sharedController } from '../../queue/shared-signal.js';
import type { LambdaContext } from './lambda-event.js';

/** The two deadlines of an invocation, before Lambda ends it. */
export interface InvocationDeadlines {
  /** Aborts when nothing may start any more, and handlers have to end. */
  readonly ending: AbortSignal;
  /** Aborts when the answer must be given. */
  readonly over: AbortSignal;
  /** Ends the timers. */
  clear(): void;
}

/** Share of the time before the end that aborted handlers and requests have. The answer needs the rest. */
const GRACE = 0.5;

/**
 * Sets the deadlines of an invocation. Without a context there are none.
 *
 * @param beforeMs time before the end at which handlers are aborted
 */
export function startDeadlines(
  context: LambdaContext | undefined,
  beforeMs: number,
  clock: Clock,
): InvocationDeadlines {
  const [ending, over] = [sharedController(), sharedController()];
  const left = context?.getRemainingTimeInMillis?.();
  if (left === undefined) return { ending: ending.signal, over: over.signal, clear: () => undefined };
  const abortIn = (controller: AbortController, ms: number): (() => void) => {
    if (ms > 0) return clock.setTimer(() => controller.abort(), ms);
    controller.abort();
    return () => undefined;
  };
  const cancels = [abortIn(ending, left - beforeMs), abortIn(over, left - beforeMs * GRACE)];
  const clear = (): void => cancels.forEach((cancel) => cancel());
  return { ending: ending.signal, over: over.signal, clear };
}
