import { entriesOf, runEntries } from './batch.js';
import { optionalNumber, requiredText, type Input } from './input.js';
import type { StoredMessage } from './model.js';
import type { QueueState } from './queue-state.js';
import type { Queues } from './queues.js';
import { expired, notAvailable, readHandle } from './receipt-handles.js';
import { badValue, missing } from './refusal.js';

/** Longest visibility timeout, counted from the receive whatever was done since. */
const MAX_SECONDS = 43_200;

/** DeleteMessage. */
export function deleteMessage(input: Input, queues: Queues): object {
  return acknowledge(queues.of(input), requiredText(input, 'ReceiptHandle'));
}

/** DeleteMessageBatch. */
export function deleteMessageBatch(input: Input, queues: Queues): object {
  const queue = queues.of(input);
  return runEntries(entriesOf(input), (entry) => acknowledge(queue, requiredText(entry, 'ReceiptHandle')));
}

/** ChangeMessageVisibility. */
export function changeMessageVisibility(input: Input, queues: Queues, now: number): object {
  return release(queues.of(input), input, now);
}

/** ChangeMessageVisibilityBatch. */
export function changeMessageVisibilityBatch(input: Input, queues: Queues, now: number): object {
  const queue = queues.of(input);
  return runEntries(entriesOf(input), (entry) => release(queue, entry, now));
}

/**
 * A message that is gone is removed again with success. In a FIFO queue a lease that is over removes nothing and says so
 * (`test_fifo_delete_after_visibility_timeout`, recorded from AWS). In a standard queue a lease that is over still removes
 * (`test_remove_message_with_old_receipt_handle`), unless the message was delivered again: then the answer is success and the
 * message stays, the worse of the two that DeleteMessage allows ("the message might not be deleted").
 */
function acknowledge(queue: QueueState, handle: string): Record<string, never> {
  const { message, current } = find(queue, handle);
  if (message === undefined) return {};
  if (queue.fifo && (!current || message.state !== 'in-flight')) throw expired(handle);
  if (!current) return {};
  queue.acknowledge(message);
  queue.waiters.serve();
  return {};
}

/**
 * Only whoever received a message last can hide it. In a standard queue also after the lease was over, as long as nobody else received it
 * (`test_change_message_visibility_after_visibility_timeout_expiration`, recorded from AWS).
 */
function release(queue: QueueState, input: Input, now: number): Record<string, never> {
  const handle = requiredText(input, 'ReceiptHandle');
  const seconds = optionalNumber(input, 'VisibilityTimeout', 0, MAX_SECONDS);
  if (seconds === undefined) throw missing('VisibilityTimeout');
  const { message, current } = find(queue, handle);
  if (message === undefined || !current) throw notAvailable(handle);
  if (queue.fifo && message.state !== 'in-flight') throw notAvailable(handle);
  if ((now - message.receivedAt) / 1000 + seconds > MAX_SECONDS) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds]`;
    throw badValue('VisibilityTimeout', seconds, reason);
  }
  queue.hideUntil(message, now + 1000 * seconds);
  queue.waiters.serve();
  return {};
}

function find(queue: QueueState, handle: string): { message: StoredMessage | undefined; current: boolean } {
  queue.wake();
  const { id, delivery } = readHandle(queue.arn, handle);
  const message = queue.get(id);
  return { message, current: message?.delivery === delivery };
}
