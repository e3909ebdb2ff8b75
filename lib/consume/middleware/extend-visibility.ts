import { ABANDON } from '../../queue/settlement.js';
import type { DeliveryHandler } from '../delivery.js';

/**
 * Ends the lease renewal of a delivery once its outcome is known, and abandons a delivery whose
 * lease is lost. The settler ends the renewal of a split, since its sends may outlast the lease.
 */
export function extendVisibility(next: DeliveryHandler): DeliveryHandler {
  return async (delivery) => {
    const settlement = await next(delivery);
    if (settlement.type !== 'split') await delivery.lease.stop();
    if (!delivery.lease.lost) return settlement;
    return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
  };
}
