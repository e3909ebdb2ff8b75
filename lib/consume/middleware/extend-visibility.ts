import { ABANDON } from '../../queue/settlement.js';
import type { DeliveryHandler } from '../delivery.js';

/**
 * Lets a delivery start only while its lease is sure, ends the lease renewal once the outcome is
 * known, and abandons a delivery whose lease is lost. The settler ends the renewal of a split and of
 * a rejection, since their sends may outlast the lease.
 */
export function extendVisibility(next: DeliveryHandler): DeliveryHandler {
  return async (delivery) => {
    const { lease } = delivery;
    if (lease.confirmed) await lease.confirmed;
    if (lease.lost) return ABANDON;
    const settlement = await next(delivery);
    const { type } = settlement;
    if (type === 'ack') lease.end();
    else if (type === 'retry' || type === 'abandon') await lease.stop();
    if (!lease.lost) return settlement;
    return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
  };
}
