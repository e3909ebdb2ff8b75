import type { EventCodec } from '../../../event/event-codec.js';
import { type Clock, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { readNames } from '../message/read-names.js';
import { releaseMessages, receivesLeft, withoutContent } from '../queue/release.js';
import type { Sample } from './facts.js';

/** How long messages are away from workers at most, should this process die while it looks at them. */
const LOOK_SECONDS = 30;
/** When no more are received: what is held has to be handed back before it comes back by itself, and may be slow to decode. */
const ENOUGH_SECONDS = 15;
const WAIT_SECONDS = 1;

/**
 * Receives messages, sees whether they decode, and hands them back; no more where another look would leave a message no receive for a
 * worker. What fails is in the sample.
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
      const most = held.size === 0 ? firstMost(queue) : queue.limits.batchEntries;
      const max = Math.min(most, wanted - held.size);
      const messages = await queue.receive({ max, waitSeconds: WAIT_SECONDS, visibilityTimeoutSeconds: LOOK_SECONDS });
      const fresh = messages.filter(({ id }) => !held.has(id));
      for (const message of messages) held.set(message.id, withoutContent(message));
      for (const message of fresh) {
        const reason = problemOf(message, codec);
        if (reason !== undefined) problems.set(reason, (problems.get(reason) ?? 0) + 1);
      }
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
 * How many to begin with: only a receive tells how often messages have been received, and one is enough for that. A FIFO queue gives no more
 * of its group while that one is held.
 */
function firstMost(queue: Queue): number {
  return queue.features.ordered || receivesLeft(queue, 0) === Infinity ? queue.limits.batchEntries : 1;
}

function problemOf({ body, defect, fault }: ReceivedMessage, codec: EventCodec | undefined): string | undefined {
  return fault === undefined ? readNames(body, codec, defect).problem?.reason : fault.code;
}
