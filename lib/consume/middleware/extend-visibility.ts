import { ABANDON } from '../../queue/settlement.js';
import type { DeliveryHandler } from '../delivery.js';

/**
 * Ends the renewal of the lease when the outcome is known, and gives up what is not ours any more. For a split the settler ends it: its
 * sends may take longer than the lease.
 */
export function extendVisibility(next: DeliveryHandler): DeliveryHandler {
  return async (delivery) => {
    const settlement = await next(delivery);
    if (settlement.type !== 'split') await delivery.lease.stop();
    if (!delivery.lease.lost) return settlement;
    return 'error' in settlement ? { ...ABANDON, error: settlement.error } : ABANDON;
  };
}
