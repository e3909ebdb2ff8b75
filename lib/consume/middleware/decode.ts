import type { EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import type { QueueFeatures } from '../../queue/queue.js';
import { ACK } from '../../queue/settlement.js';
import type { CallHandler, DeliveryHandler } from '../delivery.js';
import { CallsFailedError, throwFailures } from '../handler-errors.js';
import { settleAll } from '../settle-all.js';

/**
 * Decodes the body of a delivery and runs its calls, at most `concurrency` of them side by side. All
 * calls must succeed. On an ordered queue the calls run one after another, and a failure stops the
 * rest.
 *
 * @throws MalformedEventError the body cannot be decoded
 * @throws QueueError the carrier could not fetch the body
 * @throws CallsFailedError some calls failed and others did not
 */
export function decode(
  codec: EventCodec,
  features: QueueFeatures,
  concurrency: number,
): (next: CallHandler) => DeliveryHandler {
  return (next) => async (delivery) => {
    const { defect, fault, body } = delivery.message;
    if (defect) throw new MalformedEventError(defect.reason, defect.detail);
    if (fault) throw fault;
    for (const call of codec.decode(body)) delivery.calls.push(call);
    const { calls } = delivery;
    // Nearly every body has one call, which needs no bookkeeping.
    if (calls.length === 1) await next(calls[0]!, delivery, 0);
    else if (features.ordered) for (const [at, call] of calls.entries()) await next(call, delivery, at);
    // Waits for all calls, so that a redelivery never runs beside them.
    else throwCallFailures(await settleAll(calls, concurrency, (call, at) => next(call, delivery, at)), features);
    return ACK;
  };
}

function throwCallFailures(results: readonly PromiseSettledResult<void>[], { resend }: QueueFeatures): void {
  const failures = new Map(
    results.flatMap((result, at) => (result.status === 'rejected' ? [[at, result.reason as unknown] as const] : [])),
  );
  if (failures.size > 0 && failures.size < results.length) throw new CallsFailedError(failures, resend);
  throwFailures(results);
}
