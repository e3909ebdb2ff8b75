import type { VisibilityChange, EntryResult, Queue, MessageSender } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { Batcher } from '../../../queue/batcher.js';
import { systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { count } from '../text.js';

/** Options of a `Batcher` that gathers and retries requests about single messages. */
export interface CommandRetryOptions {
  readonly queue: string;
  readonly maxEntries: number;
  readonly maxInFlight: number;
  readonly lingerMs: number;
  readonly maxAttempts: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

/**
 * Retries as long as a person who watches waits for a queue that does not answer. Sends one request
 * at a time where order counts.
 */
export function commandRetryOptions({ name, limits, features }: MessageSender): CommandRetryOptions {
  return {
    queue: name,
    maxEntries: limits.batchEntries,
    maxInFlight: features.ordered ? 1 : 4,
    lingerMs: 0,
    maxAttempts: 4,
    deliveryTimeoutMs: 10_000,
    retryBaseMs: 100,
    retryMaxMs: 2_000,
  };
}

/**
 * Keeps of a message only what its release or deletion needs. The contents of many messages may be
 * larger than memory.
 */
export function withoutContent({ copy: _copy, ...message }: ReceivedMessage): ReceivedMessage {
  return { ...message, body: '', attributes: {}, raw: undefined };
}

/**
 * Makes messages visible again, in their order where the queue has one. Never rejects.
 *
 * @returns the number of messages that could not be released: they come back when their leases end
 */
export async function releaseMessages(queue: Queue, messages: readonly ReceivedMessage[]): Promise<number> {
  const releases = new Batcher<VisibilityChange, EntryResult>({
    ...commandRetryOptions(queue),
    clock: systemClock,
    run: (entries) => queue.release(entries),
  });
  const outcomes = await Promise.all(messages.map((message) => releases.add({ message, seconds: 0 })));
  // A message whose lease is over is back already.
  return outcomes.filter((outcome) => !outcome.ok && outcome.error.kind !== 'lease-lost').length;
}

/** Messages in a queue after it was drained. SQS counts them approximately. */
export type RemainingMessages = Awaited<ReturnType<QueueAdmin['depth']>>;

/** Returns undefined where SQS gives no answer, as for a queue that was deleted meanwhile. */
export async function remainingMessages(admin: QueueAdmin): Promise<RemainingMessages | undefined> {
  try {
    return await admin.depth();
  } catch (error) {
    if (error instanceof QueueError) return undefined;
    throw error;
  }
}

/** Lists the remaining messages for people; undefined where there are none. */
export function remainingText({ visible, inFlight, delayed }: RemainingMessages): string | undefined {
  const parts = [
    visible > 0 && `about ${visible} that came meanwhile or that SQS did not give out`,
    inFlight > 0 && `about ${inFlight} in flight`,
    delayed > 0 && `about ${delayed} delayed`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : `left: ${parts.join(', ')}`;
}

/** Explains why a FIFO queue gives nothing out although it is not empty; else undefined. */
export function stuckText({ features }: Queue, left: RemainingMessages | undefined): string | undefined {
  if (!features.ordered || left === undefined || left.visible === 0 || left.inFlight === 0) return undefined;
  return `about ${count(left.visible, 'message')} stay behind others of their message group that are in flight; try again when those have ended`;
}

/**
 * Counts the receives that a command may still use up so that one is left for a worker. One receive
 * after that moves the message to the dead-letter queue. Infinite where no redrive policy is known.
 *
 * @param receiveCount receives so far; 0 for a message that nobody has received yet
 */
export function receivesLeft({ redrive }: Pick<Queue, 'redrive'>, receiveCount: number): number {
  if (redrive === undefined || redrive === 'unknown') return Infinity;
  return redrive.maxReceiveCount - 1 - receiveCount;
}
