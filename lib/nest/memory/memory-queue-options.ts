import type { EndOwner, MemoryBroker } from '../../carriers/memory/memory-broker.js';
import type { MemoryQueue } from '../../carriers/memory/memory-queue.js';
import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { sharedBroker } from './shared-broker.js';

/** Names a queue in memory: the name of a queue of the broker, or the queue itself. */
type MemoryQueueSource = string | MemoryQueue;

/** Locates the queues of a client or a strategy. */
export interface MemoryAccess {
  readonly queue?: MemoryQueueSource | undefined;
  readonly broker?: MemoryBroker | undefined;
}

/** Returns the clock of the queues. */
export function clockOf({ queue, broker }: MemoryAccess): Clock {
  return typeof queue === 'object' ? queue.clock : (broker ?? sharedBroker()).clock;
}

/** A queue in memory, and the end of it that a client or a strategy has opened. */
export interface OpenMemoryQueue {
  readonly memory: MemoryQueue;
  readonly end: Queue;
}

/** Opens an end of a queue. Rejects if the queue of the shared broker has a strategy already. */
export function openMemoryQueue(
  source: MemoryQueueSource,
  access: MemoryAccess,
  owner: EndOwner,
): Promise<OpenMemoryQueue> {
  return new Promise((resolve) => resolve(openNow(source, access, owner)));
}

/** @throws Error the queue of the shared broker has a strategy already */
function openNow(
  source: MemoryQueueSource,
  { broker = sharedBroker() }: MemoryAccess,
  owner: EndOwner,
): OpenMemoryQueue {
  const { pending } = owner;
  if (typeof source === 'object') return { memory: source, end: source.open({ ...(pending && { pending }) }) };
  const end = broker.open(source, owner);
  return { memory: broker.queue(source), end };
}
