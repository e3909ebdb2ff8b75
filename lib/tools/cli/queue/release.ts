import type { EntryResult, MessageSender, Queue, Release } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import type { BatcherSettings } from '../../../queue/batch-requests.js';
import { Batcher } from '../../../queue/batcher.js';
import { systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { count } from '../text.js';

/**
 * Returns the settings of a command's requests. The command retries as long as a person waits for a
 * queue that does not answer. On an ordered queue it sends one request at a time.
 */
export function commandBatching({ name, limits, features }: MessageSender): BatcherSettings {
  return {
    queue: name,
    clock: systemClock,
    maxEntries: limits.batchEntries,
    maxInFlight: features.ordered ? 1 : 4,
    lingerMs: () => 0,
    maxAttempts: 4,
    deliveryTimeoutMs: 10_000,
    retryBaseMs: 100,
    retryMaxMs: 2_000,
  };
}

/** Removes the content of a message. The contents of many messages may exceed the memory. */
export function withoutContent({ copy: _copy, ...message }: ReceivedMessage): ReceivedMessage {
  return { ...message, body: '', attributes: {}, raw: undefined };
}

/**
 * Releases messages, in their order if the queue keeps an order. Never rejects.
 *
 * @returns the number of messages that could not be released: they come back when their leases end
 */
export async function releaseMessages(queue: Queue, messages: readonly ReceivedMessage[]): Promise<number> {
  const releases = new Batcher<Release, EntryResult>(
    { run: (entries) => queue.release(entries) },
    commandBatching(queue),
  );
  const outcomes = await Promise.all(
    messages.map((message) => releases.add({ message, seconds: 0, cause: 'not-started' })),
  );
  // A message whose lease has ended is visible again already.
  return outcomes.filter((outcome) => !outcome.ok && outcome.error.kind !== 'lease-lost').length;
}

/** Counts the messages in a queue after a drain. The counts of SQS are approximate. */
export type RemainingMessages = Awaited<ReturnType<QueueAdmin['depth']>>;

/** Counts the remaining messages. Undefined if SQS does not answer, as for a deleted queue. */
export async function remainingMessages(admin: QueueAdmin): Promise<RemainingMessages | undefined> {
  try {
    return await admin.depth();
  } catch (error) {
    if (error instanceof QueueError) return undefined;
    throw error;
  }
}

/** Formats the remaining messages for people. Undefined if none remain. */
export function remainingText({ visible, inFlight, delayed }: RemainingMessages): string | undefined {
  const parts = [
    visible > 0 && `about ${visible} visible (arrived meanwhile, or not delivered by SQS)`,
    inFlight > 0 && `about ${inFlight} in flight`,
    delayed > 0 && `about ${delayed} delayed`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : `left: ${parts.join(', ')}`;
}

/** Explains why a FIFO queue delivers nothing although it is not empty. Otherwise undefined. */
export function stuckText({ features }: Queue, left: RemainingMessages | undefined): string | undefined {
  if (!features.ordered || left === undefined || left.visible === 0 || left.inFlight === 0) return undefined;
  return `about ${count(left.visible, 'message')} wait behind messages in flight of their message group; try again when those are handled`;
}

/**
 * Counts the receives that a command may still use, so that one receive remains for a worker. The
 * receive after that moves the message to the dead-letter queue. Infinite without a known redrive
 * policy.
 *
 * @param receiveCount receives so far; 0 for a message that was never received
 */
export function receivesLeft({ redrive }: Pick<Queue, 'redrive'>, receiveCount: number): number {
  if (redrive === undefined || redrive === 'unknown') return Infinity;
  return redrive.maxReceiveCount - 1 - receiveCount;
}
