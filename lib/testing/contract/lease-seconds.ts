import type { MessageReceiver } from '../../queue/queue.js';

/** Seconds of a lease that outlasts a check. */
const LEASE_SECONDS = 30;

/** Seconds that may pass between a receive and an extension. A queue counts a lease from the receive. */
const MARGIN_SECONDS = 5;

/** Returns the seconds of a lease for which a check asks, within the limit of the receiver. */
export function leaseSeconds({ features, limits }: Pick<MessageReceiver, 'features' | 'limits'>): number {
  if (!features.leases) return LEASE_SECONDS;
  return Math.max(1, Math.min(LEASE_SECONDS, limits.leaseSeconds - MARGIN_SECONDS));
}
