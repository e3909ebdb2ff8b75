import type { Clock } from '../../queue/clock.js';
import { AbortSource } from '../../queue/abort-source.js';
import { withAborts } from '../delivery.js';
import { HandlerTimeoutError } from '../handler-errors.js';
import type { CallMiddleware } from '../pipeline.js';

/**
 * Fails a call `ms` after it began: its signal aborts, its slot is free, and the later result of its
 * handlers is ignored. Does nothing without `ms`.
 */
export function deadline(ms: number | undefined, clock: Clock): CallMiddleware {
  if (ms === undefined) return (next) => next;
  return (next) => (call, delivery, at) => {
    const aborts = new AbortSource();
    // Not AbortSignal.any: Node 20 keeps such a signal forever once a handler has left a listener on it.
    const abort = (): void => aborts.abort(delivery.aborts.reason);
    if (delivery.aborts.aborted) abort();
    delivery.aborts.addEventListener('abort', abort);
    let cancel!: () => void;
    const timedOut = new Promise<never>((_, reject) => {
      cancel = clock.setTimer(() => {
        const error = new HandlerTimeoutError(ms);
        aborts.abort(error);
        reject(error);
      }, ms);
    });
    return Promise.race([next(call, withAborts(delivery, aborts), at), timedOut]).finally(() => {
      cancel();
      delivery.aborts.removeEventListener('abort', abort);
    });
  };
}
