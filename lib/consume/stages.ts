import type { EventCodec } from '../event/event-codec.js';
import { MalformedEventError } from '../event/event-error.js';
import type { OnewayCall } from '../event/contract.js';
import type { Clock } from '../queue/clock.js';
import { ABANDON, ACK } from '../queue/settlement.js';
import type { Queue } from '../queue/queue.js';
import type { Delivery, Dispatch, Handle } from './delivery.js';
import type { Permits } from './semaphore.js';
import { sharedAny } from '../queue/shared-signal.js';

/** Why a handler's signal aborted at its deadline. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';

  constructor(ms: number) {
    super(`the handler took longer than handlerTimeoutMs (${ms} ms)`);
  }
}

/**
 * The innermost stage: decodes the body and runs its calls, all of which must succeed. Each takes one of the `slots` while it runs, which
 * are for all bodies in hand: whoever may send decides how many calls a body holds.
 */
export function dispatchCalls(codec: EventCodec, queue: Queue, dispatch: Dispatch, slots: Permits): Handle {
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
        // Given up while it waited for its turn, in a lane, for a slot or behind another call of the body: somebody else's by now.
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

/** Several handlers of one message failed. Its own class, since a handler may throw an AggregateError that is one failure to it. */
export class HandlersFailedError extends AggregateError {
  override readonly name = 'HandlersFailedError';

  constructor(errors: readonly unknown[]) {
    super(
      errors.flatMap((error) => (error instanceof HandlersFailedError ? (error.errors as unknown[]) : [error])),
      `${errors.length} handlers failed`,
    );
  }
}

/** Some calls of a body failed and others did not. */
export class CallsFailedError extends HandlersFailedError {
  constructor(
    /** By position in the body. */
    readonly failures: ReadonlyMap<number, unknown>,
    /** Whether the message, as it is, could be sent to its queue again. */
    readonly canBeSplit: boolean,
  ) {
    super([...failures.values()]);
  }
}

function throwCallFailures(results: readonly PromiseSettledResult<void>[], queue: Queue): void {
  const failures = new Map(
    results.flatMap((result, at) => (result.status === 'rejected' ? [[at, result.reason as unknown] as const] : [])),
  );
  if (failures.size > 0 && failures.size < results.length) throw new CallsFailedError(failures, !queue.wrapped);
  throwFailures(results);
}

/** Throws the one failure, or a HandlersFailedError of several. */
export function throwFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new HandlersFailedError(errors);
}

/** Gives a call up `ms` after it began: its signal aborts, its slot is free, and what its handlers do later no longer counts. */
export function deadline(ms: number | undefined, clock: Clock): (next: Dispatch) => Dispatch {
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

/**
 * Ends the renewal of the lease when the outcome is known, and gives up what is not ours any more. For a split the settler ends it: its
 * sends may take longer than the lease.
 */
export function keepVisible(next: Handle): Handle {
  return async (delivery) => {
    const settlement = await next(delivery);
    if (settlement.type !== 'split') await delivery.lease.stop();
    if (!delivery.lease.lost) return settlement;
    return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
  };
}
