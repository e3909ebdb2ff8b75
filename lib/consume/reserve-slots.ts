import type { Aborts } from '../queue/abort-source.js';
import type { MessageGroups } from './message-groups.js';
import type { MessageSlots } from './message-slots.js';

/** The slots of the messages in hand, and the groups that the messages of a FIFO queue wait in. */
export interface ReceivingParts {
  readonly slots: MessageSlots;
  readonly groups: MessageGroups;
}

/** Waits for a slot and reserves slots for one receive. Returns their number, or 0 after an abort. */
export async function reserveSlots({ slots, groups }: ReceivingParts, signal: Aborts): Promise<number> {
  const acquired = await slots.acquire(groups.receiveSize, signal);
  if (acquired === 0) return 0;
  // The groups may have changed during the wait.
  const count = Math.min(acquired, groups.receiveSize);
  groups.reserve(count);
  slots.release(acquired - count);
  return count;
}
