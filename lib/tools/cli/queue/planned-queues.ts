import type { Command } from 'commander';
import { parseQueueReference } from '../../../carriers/sqs/queue-reference.js';
import type { Contract } from '../../../event/contract.js';
import { deadLetterQueueName, withPrefix } from '../../../queue/derived-names.js';
import { CheckFailed } from '../exit.js';
import { lineText } from '../text.js';

/** A queue that the IDL needs, with its dead-letter queue. */
export interface PlannedQueue {
  readonly name: string;
  readonly deadLetterQueue: string;
  /** Number of receives after which SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** True if SQS takes the hash of a body for its deduplication id, since a method has no `sqs.dedup`. */
  readonly contentBasedDeduplication: boolean;
}

/** Says what the queues are made for. */
export interface QueuePlan {
  /** Name for methods that name no queue in the IDL. */
  readonly queue?: string | undefined;
  readonly prefix?: string | undefined;
  readonly maxReceiveCount?: number | undefined;
}

/** Default of `maxReceiveCount`. A crash, a deployment or a lost answer counts as a receive. */
const MAX_RECEIVES = 5;
/** Default for a FIFO queue, where each release behind a failed message counts as a receive. */
const MAX_RECEIVES_FIFO = 10;

/**
 * Lists the queues that the oneway methods of a contract name, and `queue` for its other methods.
 * Without a contract, lists `queue` alone. Ends the command with a usage error without both.
 *
 * @throws CheckFailed a method names no queue, and `queue` is absent
 */
export function queuesOf(
  command: Command,
  contract: Contract | undefined,
  { queue, prefix }: QueuePlan,
): readonly string[] {
  if (contract === undefined) {
    if (queue === undefined)
      return command.error("error: required option '--idl <file>' or '--queue <queue>' not specified");
    return [withPrefix(queue, prefix)];
  }
  const open = contract.oneway().find(({ route }) => route.queue === undefined);
  if (queue === undefined && (open !== undefined || contract.oneway().length === 0)) {
    const whose = open
      ? `the IDL names no queue for ${lineText(`${open.service.name}.${open.fn.name}`)}`
      : 'the IDL has no oneway method';
    throw new CheckFailed(`${whose}; name the queue with --queue, or annotate the service with (sqs.queue = "name")`);
  }
  return [...contract.queues()].map((name) => withPrefix(name ?? queue!, prefix));
}

/**
 * Plans the queues to create. Ends the command with a usage error if a name is none that SQS accepts,
 * or if `queue` would never be used.
 *
 * @throws CheckFailed a method names no queue, and `queue` is absent
 */
export function plannedQueues(
  command: Command,
  contract: Contract | undefined,
  plan: QueuePlan,
): readonly PlannedQueue[] {
  if (plan.queue !== undefined && contract !== undefined && !contract.queues().has(undefined)) {
    return command.error('error: --queue would never be used: every method names its queue in the IDL');
  }
  return queuesOf(command, contract, plan).map((name) => {
    const isFifo = name.endsWith('.fifo');
    const planned = {
      name,
      deadLetterQueue: deadLetterQueueName(name),
      maxReceiveCount: plan.maxReceiveCount ?? (isFifo ? MAX_RECEIVES_FIFO : MAX_RECEIVES),
      contentBasedDeduplication: isFifo && needsContent(name, contract, plan),
    };
    checkName(command, planned.name);
    checkName(command, planned.deadLetterQueue);
    return planned;
  });
}

/** True if a method of the queue has no `sqs.dedup`. Without an IDL nobody knows. */
function needsContent(name: string, contract: Contract | undefined, { queue, prefix }: QueuePlan): boolean {
  if (contract === undefined) return true;
  const own = contract.oneway().filter(({ route }) => withPrefix(route.queue ?? queue, prefix) === name);
  return own.some(({ route }) => route.deduplicationId === undefined);
}

function checkName(command: Command, name: string): void {
  if (name.includes(':'))
    command.error(`error: ${lineText(name)} is a URL or an ARN; give the name of the queue to create`);
  try {
    parseQueueReference(name);
  } catch {
    command.error(
      `error: ${lineText(name)} is no name of a queue: it may have 80 letters, digits, hyphens and underscores, .fifo included. ` +
        'Shorten --prefix or the name.',
    );
  }
}
