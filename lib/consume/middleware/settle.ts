import type { DeliveryMiddleware } from '../pipeline.js';
import type { MessageSlots } from '../message-slots.js';
import type { Settler } from '../settler.js';

/**
 * Acts on the settlement of a delivery. The outermost stage: it never rejects. If a stage has a
 * defect, the stage reports it and the message comes back when its lease ends.
 */
export function settle(settler: Settler, slots: Pick<MessageSlots, 'ended'>): DeliveryMiddleware {
  return (next) => async (delivery) => {
    try {
      const settlement = await next(delivery);
      slots.ended(delivery);
      await settler.settle(delivery, settlement);
      return settlement;
    } catch (error) {
      slots.ended(delivery);
      return settler.fail(delivery, 'retry', error);
    }
  };
}
