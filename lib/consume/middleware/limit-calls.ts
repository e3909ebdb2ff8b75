import type { CallMiddleware } from '../pipeline.js';
import { Semaphore } from '../semaphore.js';

/**
 * Bounds the calls that run at the same time, over all bodies in hand. The sender decides how many
 * calls a body holds, so a slot per message is not enough. An aborted call frees its slot at once,
 * even if its handler ignores the signal.
 */
export function limitCalls(concurrency: number): CallMiddleware {
  const slots = new Semaphore(concurrency);
  return (next) => async (call, delivery, at) => {
    const { signal } = delivery;
    let slot = await slots.acquire(1, signal);
    const release = (): void => {
      slots.release(slot);
      slot = 0;
    };
    signal.addEventListener('abort', release, { once: true });
    try {
      // The delivery may have been aborted while the call waited for its slot.
      signal.throwIfAborted();
      await next(call, delivery, at);
    } finally {
      signal.removeEventListener('abort', release);
      release();
    }
  };
}
