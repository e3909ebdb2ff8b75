import type { EndOwner, MemoryBroker } from '../../carriers/memory/memory-broker.js';
import type { MemoryQueue } from '../../carriers/memory/memory-queue.js';
import { nullAdvice } from '../../common/number-fault.js';
import { describeOption } from '../../common/option-names.js';
import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { queueName } from '../queue-name.js';
import { sharedBroker } from './shared-broker.js';

/** Names a queue in memory: the name of a queue of the broker, or the queue itself. */
type MemoryQueueSource = string | MemoryQueue;

/** Locates the queues of a client or a strategy. */
export interface MemoryAccess {
  readonly queue?: MemoryQueueSource | undefined;
  readonly deadLetterQueue?: MemoryQueueSource | undefined;
  readonly broker?: MemoryBroker | undefined;
}

/**
 * Checks where the queues are, and returns their clock.
 *
 * @throws TypeError an option is no queue, or no broker
 */
export function clockOf({ queue, deadLetterQueue, broker }: MemoryAccess): Clock {
  checkQueue('queue', queue);
  checkQueue('deadLetterQueue', deadLetterQueue);
  if (broker !== undefined && !hasMethods(broker, 'open', 'queue')) {
    throw new TypeError(`option broker must be a MemoryBroker, got ${describeOption(broker)}${nullAdvice(broker)}`);
  }
  return typeof queue === 'object' ? queue.clock : (broker ?? sharedBroker()).clock;
}

function checkQueue(option: string, queue: unknown): void {
  // By its methods, since another copy of this package may have made the queue.
  if (typeof queue !== 'object' || queue === null) queueName(option, queue);
  else if (!hasMethods(queue, 'open', 'messages')) {
    throw new TypeError(`option ${option} must be the name of a queue or a MemoryQueue, got ${describeOption(queue)}`);
  }
}

function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  const methods = Object(value) as Readonly<Record<string, unknown>>;
  return names.every((name) => typeof methods[name] === 'function');
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
