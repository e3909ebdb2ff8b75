import type { Clock } from '../../queue/clock.js';
import { sharedAny } from '../../queue/shared-signal.js';
import type { Delivery } from '../delivery.js';
import { HandlerTimeoutError } from '../handler-errors.js';
import type { CallMiddleware } from '../pipeline.js';

/**
 * Fails a call `ms` after it began: its signal aborts, its slot is free, and the later result of its
 * handlers is ignored. Does nothing without `ms`.
 */
export function deadline(ms: number | undefined, clock: Clock): CallMiddleware {
  if (ms === undefined) return (next) => next;
  return (next) => (call, delivery, at) => {
    const controller = new AbortController();
    const timedOut = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
    });
    const cancel = clock.setTimer(() => controller.abort(new HandlerTimeoutError(ms)), ms);
    const inner: Delivery = { ...delivery, signal: sharedAny([delivery.signal, controller.signal]) };
    return Promise.race([next(call, inner, at), timedOut]).finally(cancel);
  };
}
