import { QueueError } from '../../queue/queue-error.js';
import type { ReceiveOptions } from '../../queue/queue.js';
import type { ResolvedMemoryQueueOptions } from './memory-queue-options.js';
import { isWhole, refuse } from './message-rules.js';
import { MessageStore, type StoredMessage } from './message-store.js';

/** Longest wait of one receive (ReceiveMessage, WaitTimeSeconds). */
const MAX_WAIT_SECONDS = 20;

/** Returns the error for an invalid receive, or undefined. */
export function receiveFault(receive: ReceiveOptions, rules: ResolvedMemoryQueueOptions): QueueError | undefined {
  const { max, waitSeconds, visibilityTimeoutSeconds } = receive;
  const { batchEntries, leaseSeconds } = rules.limits;
  if (!isWhole(max, 1, batchEntries)) return refuse(rules, 'InvalidParameterValue', `max must be 1 to ${batchEntries}`);
  if (!isWhole(waitSeconds, 0, MAX_WAIT_SECONDS)) {
    return refuse(rules, 'InvalidParameterValue', `waitSeconds must be 0 to ${MAX_WAIT_SECONDS}`);
  }
  return isWhole(visibilityTimeoutSeconds, 0, leaseSeconds)
    ? undefined
    : refuse(rules, 'InvalidParameterValue', `visibilityTimeoutSeconds must be 0 to ${leaseSeconds}`);
}

/** Describes the operation that uses a receipt. */
export type LeaseUse =
  | { readonly verb: 'acknowledge' | 'discard'; readonly receipt: string }
  | { readonly verb: 'release' | 'extend'; readonly receipt: string; readonly seconds: number };

/**
 * Holds the message that a receipt gives access to, or the error of an invalid receipt. Both are
 * absent if the message is already gone.
 */
export interface FoundLease {
  readonly stored?: StoredMessage;
  readonly error?: QueueError;
}

/**
 * Checks a receipt. Acknowledging a message that is gone succeeds, as in SQS.
 *
 * A receipt of an earlier delivery is refused, so that tests notice the mistake. A standard SQS
 * queue would answer success and remove nothing. An ended lease without a later delivery can still
 * acknowledge, except in FIFO queues (DeleteMessage).
 */
export function findLease(use: LeaseUse, store: MessageStore, rules: ResolvedMemoryQueueOptions): FoundLease {
  const { receipt } = use;
  const id = MessageStore.idOfReceipt(receipt);
  if (id === undefined) return { error: lost(rules, 'ReceiptHandleIsInvalid', 'the receipt is not from this queue') };
  const stored = store.get(id);
  if (stored === undefined) {
    return !('seconds' in use) ? {} : { error: lost(rules, 'InvalidParameterValue', 'the message is gone') };
  }
  if (stored.receipt !== receipt) {
    return { error: lost(rules, 'ReceiptHandleIsInvalid', 'the message was delivered again') };
  }
  const now = rules.clock.now();
  const ended = stored.visibleAt <= now;
  if (!('seconds' in use))
    return ended && rules.fifo ? { error: lost(rules, 'InvalidParameterValue', 'the lease has ended') } : { stored };
  if (ended) return { error: lost(rules, 'MessageNotInflight', 'the lease has ended') };
  const error = extensionFault(stored, use.seconds, rules);
  return error === undefined ? { stored } : { error };
}

/**
 * Limits a lease to 12 hours, counted from the receive and not from the last extension
 * (ChangeMessageVisibility).
 */
function extensionFault(
  stored: StoredMessage,
  seconds: number,
  rules: ResolvedMemoryQueueOptions,
): QueueError | undefined {
  const { leaseSeconds } = rules.limits;
  if (!isWhole(seconds, 0, leaseSeconds))
    return refuse(rules, 'InvalidParameterValue', `a lease must be 0 to ${leaseSeconds} seconds`);
  const elapsedSeconds = (rules.clock.now() - stored.receivedAt) / 1000;
  return elapsedSeconds + seconds > leaseSeconds
    ? refuse(rules, 'InvalidParameterValue', `the lease would last more than ${leaseSeconds} seconds from its receive`)
    : undefined;
}

function lost({ name }: ResolvedMemoryQueueOptions, code: string, why: string): QueueError {
  const message = `the lease on this message of "${name}" is over: ${why}. Leave the message to its current receiver.`;
  return new QueueError(message, { code, kind: 'lease-lost', queue: name });
}
