import type { OnewayCall } from '../../event/contract.js';
import type { EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import type { Queue } from '../../queue/queue.js';
import { ACK } from '../../queue/settlement.js';
import type { CallHandler, DeliveryHandler } from '../delivery.js';
import { CallsFailedError, throwFailures } from '../handler-errors.js';
import type { Semaphore } from '../semaphore.js';

/**
 * The innermost middleware: decodes the body and runs its calls, all of which must succeed. Each takes one of the `slots` while it runs, which
 * are for all bodies in hand: whoever may send decides how many calls a body holds.
 */
export function dispatchCalls(
  codec: EventCodec,
  queue: Queue,
  dispatch: CallHandler,
  slots: Semaphore,
): DeliveryHandler {
  return async (delivery) => {
    const { defect, fault, body } = delivery.message;
    if (defect) throw new MalformedEventError(defect.reason, defect.detail);
    if (fault) throw fault;
    for (const call of codec.decode(body)) delivery.calls.push(call);
    const run = async (call: OnewayCall, at: number): Promise<void> => {
      let slot = await slots.acquire(1, delivery.signal);
      const release = (): void => {
        slots.release(slot);
        slot = 0;
      };
      // A handler that does not heed its signal must not hold its slot.
      delivery.signal.addEventListener('abort', release, { once: true });
      try {
        // Given up while it waited for its turn, in its group, for a slot or behind another call of the body: somebody else's by now.
        delivery.signal.throwIfAborted();
        await dispatch(call, delivery, at);
      } finally {
        delivery.signal.removeEventListener('abort', release);
        release();
      }
    };
    if (queue.features.ordered) for (const [at, call] of delivery.calls.entries()) await run(call, at);
    else throwCallFailures(await settleAll(delivery.calls, slots.total, run), queue);
    return ACK;
  };
}

/**
 * Runs `task` for every item, `atOnce` of them side by side, and waits for all also after one failed: a redelivery must not run beside
 * what is still running.
 */
async function settleAll<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T, at: number) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  const results: PromiseSettledResult<void>[] = [];
  const entries = items.entries();
  const work = async (): Promise<void> => {
    for (const [i, item] of entries) [results[i]] = await Promise.allSettled([task(item, i)]);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}

function throwCallFailures(results: readonly PromiseSettledResult<void>[], queue: Queue): void {
  const failures = new Map(
    results.flatMap((result, at) => (result.status === 'rejected' ? [[at, result.reason as unknown] as const] : [])),
  );
  if (failures.size > 0 && failures.size < results.length) throw new CallsFailedError(failures, !queue.wrapped);
  throwFailures(results);
}
