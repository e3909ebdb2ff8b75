import type { EventCodec } from '../../event/event-codec.js';
import { MalformedEventError } from '../../event/event-error.js';
import type { QueueFeatures } from '../../queue/queue.js';
import { ACK } from '../../queue/settlement.js';
import type { CallHandler, DeliveryHandler } from '../delivery.js';
import { type CallFailures, CallScheduler, type CallSchedulerParts } from '../call-scheduler.js';
import { CallsFailedError, throwFailures } from '../handler-errors.js';

export interface DecodeParts extends Omit<CallSchedulerParts, 'ordered'> {
  readonly codec: Pick<EventCodec, 'decode'>;
  readonly queue: { readonly features: QueueFeatures };
}

/**
 * Decodes the body of a delivery and runs its calls by {@link CallScheduler}. All calls must succeed.
 * On an ordered queue the calls run one after another, and a failure stops the rest.
 *
 * @throws MalformedEventError the body cannot be decoded
 * @throws QueueError the carrier could not fetch the body
 * @throws CallsFailedError some calls failed and others did not
 */
export function decode({ codec, queue: { features }, ...parts }: DecodeParts): (next: CallHandler) => DeliveryHandler {
  return (next) => {
    const scheduler = new CallScheduler({ ...parts, ordered: features.ordered }, next);
    return async (delivery) => {
      const { message, calls } = delivery;
      const { defect, fault, body } = message;
      if (defect) throw new MalformedEventError(defect.reason, defect.detail);
      if (fault) throw fault;
      // Waits for all calls, so that a redelivery never runs beside them.
      const failures = await scheduler.handle(delivery, () => codec.decode(body));
      if (failures) throwCallFailures(failures, calls.length, features);
      return ACK;
    };
  };
}

function throwCallFailures(failures: CallFailures, calls: number, { ordered, resend }: QueueFeatures): void {
  const inOrder = new Map([...failures].sort(([a], [b]) => a - b));
  const errors = [...inOrder.values()];
  if (ordered) throw errors[0];
  if (errors.length < calls) throw new CallsFailedError(inOrder, resend);
  throwFailures(errors);
}
