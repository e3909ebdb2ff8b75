import type { Clock } from '../../queue/clock.js';
import { sharedController } from '../../queue/shared-signal.js';
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
    const controller = sharedController();
    // Not AbortSignal.any: Node 20 keeps such a signal forever once a handler has left a listener on it.
    const abort = (): void => controller.abort(delivery.signal.reason);
    if (delivery.signal.aborted) abort();
    delivery.signal.addEventListener('abort', abort, { once: true });
    let cancel!: () => void;
    const timedOut = new Promise<never>((_, reject) => {
      cancel = clock.setTimer(() => {
        const error = new HandlerTimeoutError(ms);
        controller.abort(error);
        reject(error);
      }, ms);
    });
    const inner: Delivery = { ...delivery, signal: controller.signal };
    return Promise.race([next(call, inner, at), timedOut]).finally(() => {
      cancel();
      delivery.signal.removeEventListener('abort', abort);
    });
  };
}
