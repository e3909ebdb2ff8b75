import { messageOf } from '../diagnostics/error-text.js';
import type { EventCodec } from '../event/event-codec.js';
import { MalformedEventError } from '../event/event-error.js';
import type { OnewayCall } from '../event/oneway-call.js';
import type { Clock } from '../queue/clock.js';
import { ABANDON, ACK, type Settlement } from '../queue/settlement.js';
import type { Queue } from '../queue/queue.js';
import type { Classify, Delivery, Dispatch, Handle, Verdict } from './delivery.js';
import { WorkerStoppedError } from './lease.js';
import type { Permits } from './permits.js';
import { retry, type Attempt, type RetryDelay, type RetryPolicy } from './retry-policy.js';
import { EventInProgressError } from './run-once.js';
import { sharedAny } from '../queue/shared-signal.js';

/** A message that is sent can wait so long (Amazon SQS API reference, SendMessage). */
const MAX_DELAY_SECONDS = 900;

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

/** Gives the handler up after `ms`: its signal aborts, its slot is free, and what it does later no longer counts. */
export function deadline(ms: number | undefined, clock: Clock): (next: Handle) => Handle {
  if (ms === undefined) return (next) => next;
  return (next) => async (delivery) => {
    const controller = new AbortController();
    const timedOut = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
    });
    const cancel = clock.setTimer(() => controller.abort(new HandlerTimeoutError(ms)), ms);
    const inner: Delivery = { ...delivery, signal: sharedAny([delivery.signal, controller.signal]) };
    return Promise.race([next(inner), timedOut]).finally(cancel);
  };
}

/** Turns whatever was thrown into a settlement. Beyond this stage nothing throws. */
export function settleErrors(
  classify: Classify,
  policy: RetryPolicy,
  attempt: (delivery: Delivery) => Attempt,
): (next: Handle) => Handle {
  return (next) => async (delivery) => {
    try {
      return await next(delivery);
    } catch (error) {
      return toSettlement(error, classify, policy, attempt(delivery));
    }
  };
}

function toSettlement(error: unknown, classify: Classify, policy: RetryPolicy, attempt: Attempt): Settlement {
  const { delay, maxReceives } = policy;
  if (error instanceof MalformedEventError) {
    return { type: 'reject', reason: error.reason, detail: error.detail, error };
  }
  // The worker gave it up for its own sake; another one may start at once.
  if (error instanceof WorkerStoppedError) return retry(0, attempt, error);
  // Not a failure of this message, so it is none that counts.
  if (error instanceof EventInProgressError) return retry(error.leftSeconds, attempt, error);
  if (error instanceof CallsFailedError) return toSplit(error, classify, delay, attempt);
  const verdict = judge(classify, error);
  if (verdict?.type === 'reject') {
    return { type: 'reject', reason: 'handler-rejected', detail: verdict.detail, error };
  }
  if (attempt.receiveCount >= maxReceives) {
    return { type: 'reject', reason: 'too-many-receives', detail: messageOf(error), error };
  }
  const asked = verdict?.delaySeconds ?? NaN;
  return retry(Number.isNaN(asked) ? delay(attempt) : asked, attempt, error);
}

/**
 * Each failed call waits as it asks; one that asks to be rejected comes back by itself once more, for the poison policy. Where the worker
 * stops, or the queue could not take them, all of the body comes back.
 */
function toSplit(error: CallsFailedError, classify: Classify, delay: RetryDelay, attempt: Attempt): Settlement {
  const failures = [...error.failures];
  const whole = retry(delay(attempt), attempt, failures.length === 1 ? failures[0]![1] : error);
  if (failures.some(([, reason]) => reason instanceof WorkerStoppedError)) return retry(0, attempt, error);
  if (!error.canBeSplit) return whole;
  const failed = failures.map(([at, reason]) => {
    const verdict = judge(classify, reason);
    const asked = verdict?.type === 'retry' ? (verdict.delaySeconds ?? NaN) : verdict ? 0 : NaN;
    const seconds = Number.isNaN(asked) ? delay({ ...attempt, receiveCount: 1 }) : asked;
    return { at, delaySeconds: Math.max(0, Math.min(Math.round(seconds), MAX_DELAY_SECONDS)) };
  });
  return { ...whole, type: 'split', failed };
}

/** A classification that fails itself leaves the message to the retry policy. */
function judge(classify: Classify, error: unknown): Verdict | undefined {
  if (error instanceof EventInProgressError) return { type: 'retry', delaySeconds: error.leftSeconds };
  try {
    return classify(error);
  } catch {
    return undefined;
  }
}

/** Ends the renewal of the lease when the outcome is known, and gives up what is not ours any more. */
export function keepVisible(next: Handle): Handle {
  return async (delivery) => {
    const settlement = await next(delivery);
    await delivery.lease.stop();
    if (!delivery.lease.lost) return settlement;
    return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
  };
}
