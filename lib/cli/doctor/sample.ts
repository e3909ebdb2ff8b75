import type { EventCodec } from '../../event/event-codec.js';
import { QueueError } from '../../queue/queue-error.js';
import type { Queue } from '../../queue/queue.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { readBody } from '../message/read-body.js';
import { handBack } from '../queue/hand-back.js';
import type { Sample } from './facts.js';

/** How long messages are away from workers at most, should this process die while it looks at them. */
const LOOK_SECONDS = 30;
const WAIT_SECONDS = 1;

/**
 * Receives messages, sees whether they decode, and hands them back; no more once a message had its last receive before it is
 * dead-lettered. What fails is in the sample.
 */
export async function takeSample(queue: Queue, wanted: number, codec: EventCodec | undefined): Promise<Sample> {
  const { redrive } = queue;
  const problems = new Map<string, number>();
  const most = redrive === undefined || redrive === 'unknown' ? Infinity : redrive.maxReceiveCount;
  if (most < 2) return { messages: 0, problems: {}, spared: true };
  let last = 0;
  const held = new Map<string, ReceivedMessage>();
  try {
    while (held.size < wanted) {
      const max = Math.min(queue.limits.batchEntries, wanted - held.size);
      const messages = await queue.receive({ max, waitSeconds: WAIT_SECONDS, visibilityTimeoutSeconds: LOOK_SECONDS });
      const fresh = messages.filter(({ id }) => !held.has(id));
      for (const message of messages) held.set(message.id, message);
      for (const message of fresh) {
        const reason = problemOf(message, codec);
        if (message.receiveCount >= most) last += 1;
        if (reason !== undefined) problems.set(reason, (problems.get(reason) ?? 0) + 1);
      }
      if (fresh.length === 0 || last > 0) break;
    }
    return { messages: held.size, problems: Object.fromEntries(problems), ...(last > 0 && { last }) };
  } catch (error) {
    return { messages: held.size, problems: {}, error: QueueError.from(error, queue.name) };
  } finally {
    await handBack(queue, [...held.values()]);
  }
}

function problemOf({ body, defect, fault }: ReceivedMessage, codec: EventCodec | undefined): string | undefined {
  return fault === undefined ? readBody(body, codec, defect).problem?.reason : fault.code;
}
