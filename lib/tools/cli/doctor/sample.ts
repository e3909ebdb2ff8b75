import type { EventCodec } from '../../../event/event-codec.js';
import { type Clock, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { readNames } from '../message/read-names.js';
import { releaseMessages, receivesLeft, withoutContent } from '../queue/release.js';
import type { Sample } from './facts.js';

/** Limits how long messages stay hidden from workers if this process dies. */
const LOOK_SECONDS = 30;
/**
 * Ends the receives after this time. Decoding may be slow, and messages must be released before
 * their leases end.
 */
const ENOUGH_SECONDS = 15;
const WAIT_SECONDS = 1;

/**
 * Receives messages, decodes and releases them. Stops if another look would leave a message no
 * receive for a worker. Never rejects for a failed request: the sample contains the error.
 */
export async function takeSample(
  queue: Queue,
  wanted: number,
  codec: EventCodec | undefined,
  clock: Clock = systemClock,
): Promise<Sample> {
  if (receivesLeft(queue, 0) <= 0) return { messages: 0, problems: {}, spared: true };
  const problems = new Map<string, number>();
  const enough = clock.now() + ENOUGH_SECONDS * 1000;
  const held = new Map<string, ReceivedMessage>();
  try {
    let last = 0;
    while (held.size < wanted && last === 0 && clock.now() < enough) {
      const max = Math.min(batchSize(queue, held.size), wanted - held.size);
      const messages = await queue.receive({ max, waitSeconds: WAIT_SECONDS, visibilityTimeoutSeconds: LOOK_SECONDS });
      const fresh = messages.filter(({ id }) => !held.has(id));
      for (const message of messages) held.set(message.id, withoutContent(message));
      countProblems(fresh, codec, problems);
      last = messages.filter(({ receiveCount }) => receivesLeft(queue, receiveCount) <= 0).length;
      if (fresh.length === 0) break;
    }
    return { messages: held.size, problems: Object.fromEntries(problems), ...(last > 0 && { last }) };
  } catch (error) {
    return { messages: held.size, problems: {}, error: QueueError.from(error, queue.name) };
  } finally {
    await releaseMessages(queue, [...held.values()]);
  }
}

/**
 * Returns the size of the next receive. Begins with one message if receives are limited, because
 * only a receive shows the receive count. A FIFO queue delivers no more messages of a group while
 * one message is held.
 */
function batchSize(queue: Queue, held: number): number {
  const cautious = held === 0 && !queue.features.ordered && receivesLeft(queue, 0) !== Infinity;
  return cautious ? 1 : queue.limits.batchEntries;
}

function countProblems(
  messages: readonly ReceivedMessage[],
  codec: EventCodec | undefined,
  problems: Map<string, number>,
): void {
  for (const message of messages) {
    const reason = problemOf(message, codec);
    if (reason !== undefined) problems.set(reason, (problems.get(reason) ?? 0) + 1);
  }
}

function problemOf({ body, defect, fault }: ReceivedMessage, codec: EventCodec | undefined): string | undefined {
  return fault === undefined ? readNames(body, codec, defect).problem?.reason : fault.code;
}
