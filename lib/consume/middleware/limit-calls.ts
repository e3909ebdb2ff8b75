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
    const { aborts } = delivery;
    // Waits also for a free slot: the handler then starts in a turn of its own, so a context that it enters
    // (AsyncLocalStorage.enterWith) does not reach the handlers that start next.
    let slot = await (slots.tryAcquire() ? 1 : slots.acquire(1, aborts));
    const release = (): void => {
      slots.release(slot);
      slot = 0;
    };
    aborts.addEventListener('abort', release);
    try {
      // The delivery may have been aborted while the call waited for its slot.
      aborts.throwIfAborted();
      await next(call, delivery, at);
    } finally {
      aborts.removeEventListener('abort', release);
      release();
    }
  };
}
