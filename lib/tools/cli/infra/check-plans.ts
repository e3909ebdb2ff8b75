import { parseQueueReference } from '../../../carriers/sqs/queue-reference.js';
import { printable } from '../../../common/printable.js';
import { withPrefix } from '../../../queue/derived-names.js';
import type { PlannedQueue } from '../queue/planned-queues.js';
import type { ResolvedInfraOptions } from './resolve-options.js';

/** Most queues that a redrive allow policy may name. */
const MAX_SOURCES = 10;

/** True for the queue of methods that name none in the IDL. Clients with a topic publish the calls of these methods. */
export function isBehindTopic(name: string, { topic, queue, queuePrefix }: ResolvedInfraOptions): boolean {
  return topic !== undefined && name === withPrefix(queue, queuePrefix);
}

/**
 * Checks that options fit the queues of a contract.
 *
 * @throws TypeError an option would have no effect, or SQS would refuse the result
 */
export function checkPlans(plans: readonly PlannedQueue[], options: ResolvedInfraOptions): void {
  checkDeadLetterQueue(plans, options);
  checkTopic(plans, options);
  if (options.scaling.deployment !== undefined && plans.length > 1) {
    throw new TypeError(
      `scaling.deployment names one Deployment for ${plans.length} queues. Leave it out, or select one service with --service.`,
    );
  }
}

function checkDeadLetterQueue(plans: readonly PlannedQueue[], options: ResolvedInfraOptions): void {
  const { deadLetterQueue: target, queuePrefix } = options;
  if (target === undefined) return checkOwnDeadLetterQueues(plans);
  if (target.includes(':'))
    throw new TypeError(`deadLetterQueue is ${printable(target)}; give the name of the queue to create.`);
  parseQueueReference(withPrefix(target, queuePrefix));
  for (const { name } of plans) {
    const isFifo = name.endsWith('.fifo');
    if (target.endsWith('.fifo') !== isFifo) {
      const wanted = isFifo ? 'a FIFO queue' : 'a standard queue';
      throw new TypeError(
        `deadLetterQueue is ${target}, and ${name} needs ${wanted} for its dead letters. Leave deadLetterQueue out: each queue gets its own.`,
      );
    }
    if (withPrefix(target, queuePrefix) === name) {
      throw new TypeError(`deadLetterQueue is ${target}, which carries calls too. Name another queue.`);
    }
  }
  if (plans.length > MAX_SOURCES) {
    throw new TypeError(
      `deadLetterQueue serves ${plans.length} queues, and its allow policy may name ${MAX_SOURCES}. Leave deadLetterQueue out.`,
    );
  }
}

/** A contract may name `jobs-dlq` beside `jobs`. */
function checkOwnDeadLetterQueues(plans: readonly PlannedQueue[]): void {
  const names = new Set(plans.map(({ name }) => name));
  const plan = plans.find(({ deadLetterQueue }) => names.has(deadLetterQueue));
  if (plan === undefined) return;
  throw new TypeError(
    `${plan.deadLetterQueue} would take the dead letters of ${plan.name}, and carries calls too. Name another queue with deadLetterQueue.`,
  );
}

function checkTopic(plans: readonly PlannedQueue[], options: ResolvedInfraOptions): void {
  const { topic } = options;
  if (topic === undefined) return;
  const behind = plans.find(({ name }) => isBehindTopic(name, options));
  if (behind === undefined) {
    throw new TypeError(
      'topic would never be used: every method names its queue in the IDL, and clients send these calls there. Leave topic out.',
    );
  }
  if (behind.name.endsWith('.fifo') && !topic.endsWith('.fifo')) {
    throw new TypeError(
      `topic is no FIFO topic, and ${behind.name} is a FIFO queue, which takes no messages of it. Name a FIFO topic.`,
    );
  }
}
