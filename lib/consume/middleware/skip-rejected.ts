import { setNewest } from '../../common/newest-entries.js';
import type { Settlement } from '../../queue/settlement.js';
import type { Delivery } from '../delivery.js';
import type { DeliveryMiddleware } from '../pipeline.js';

/** Limits the remembered messages, at about 500 bytes each. The oldest is forgotten first. */
const MAX_MESSAGES = 10_000;
/** Limits the remembered text of a reason, in characters. */
const MAX_DETAIL = 200;

interface Rejection {
  readonly settlement: Settlement & { readonly type: 'reject' };
  readonly methods: readonly string[];
  /** Receive count of the last delivery. */
  readonly receiveCount: number;
}

/**
 * Rejects a message again, without its handlers, if a handler of this worker rejected an earlier
 * delivery of the message. A rejected message can come back: with the poison policy `redrive` it
 * stays until the queue moves it, and a copy for the dead-letter queue can fail.
 *
 * A message whose receive count has not grown is a message that somebody moved back to the queue.
 * Its handlers run again.
 */
export function skipRejected(maxMessages = MAX_MESSAGES): DeliveryMiddleware {
  const rejections = new Map<string, Rejection>();
  const remember = ({ message, calls }: Delivery, settlement: Rejection['settlement']): void => {
    const methods = calls.map(({ method }) => method);
    const rejection = { settlement, methods, receiveCount: message.receiveCount };
    setNewest(rejections, message.id, rejection, maxMessages);
  };

  return (next) => async (delivery) => {
    const { id, receiveCount } = delivery.message;
    const known = rejections.get(id);
    if (known !== undefined && receiveCount > known.receiveCount) {
      // The events name the methods. No stage reads the arguments of a call that does not run.
      for (const method of known.methods) delivery.calls.push({ method, args: {} });
      remember(delivery, known.settlement);
      return known.settlement;
    }
    const settlement = await next(delivery);
    if (settlement.type === 'reject' && settlement.reason === 'handler-rejected') {
      // The error of the handler may hold much memory, and the detail is its text.
      const { type, reason, detail = '' } = settlement;
      remember(delivery, { type, reason, detail: detail.slice(0, MAX_DETAIL) });
    }
    return settlement;
  };
}
