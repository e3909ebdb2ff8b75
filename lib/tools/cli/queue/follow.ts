import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { releaseMessages, receivesLeft } from './release.js';

/** Short, since an end waits for it: a receive that is cut may have been given messages, which would stay hidden. */
const WAIT_SECONDS = 5;
/** How long a message is away from workers at most, should this process die while it looks at it. */
const LOOK_SECONDS = 30;
/** How long a message that comes again is left hidden: as long as a look more each time, up to this. */
const LONGEST_SECONDS = 300;
/** Messages whose looks are remembered; of more, the oldest come up as new. */
const REMEMBERED = 100_000;

/** Why a {@link follow} ended. */
export interface Followed {
  /** The message that can bear no other look: its last receive is for a worker. */
  readonly stopped?: ReceivedMessage;
}

/**
 * Shows each message of a queue once, and hands it back at once. One that comes again, because nobody took it meanwhile, is left hidden
 * for a while, so that looking at a queue without workers does not use up the receives of its messages. At the end all are handed back.
 *
 * @param show is told of each message that is new; ends it by resolving with false
 */
export async function follow(
  queue: Queue,
  signal: AbortSignal,
  show: (message: ReceivedMessage) => Promise<boolean>,
): Promise<Followed> {
  const receives = new Map<string, number>();
  const inHand = new Map<string, ReceivedMessage>();
  try {
    for (let going = true; going && !signal.aborted;) {
      const messages = await queue.receive({
        max: queue.limits.batchEntries,
        waitSeconds: WAIT_SECONDS,
        visibilityTimeoutSeconds: LOOK_SECONDS,
      });
      for (const message of messages) inHand.set(message.id, message);
      for (const message of messages) {
        const times = receives.get(message.id) ?? 0;
        remember(receives, message.id, times + 1);
        if (times === 0 && going) going = await show(message);
      }
      const stopped = messages.find((message) => receivesLeft(queue, message.receiveCount) <= 0);
      if (stopped !== undefined) return { stopped };
      const entries = messages.map((message) => {
        const times = receives.get(message.id)! - 1;
        return { message, seconds: Math.min(times * LOOK_SECONDS, LONGEST_SECONDS) };
      });
      if (entries.length === 0 || !going) continue;
      const outcomes = await queue.release(entries);
      for (const [at, { message, seconds }] of entries.entries()) {
        if (seconds === 0 && outcomes[at]?.ok) inHand.delete(message.id);
      }
    }
    return {};
  } finally {
    await releaseMessages(queue, [...inHand.values()]);
  }
}

function remember(receives: Map<string, number>, id: string, times: number): void {
  receives.delete(id);
  receives.set(id, times);
  if (receives.size > REMEMBERED) receives.delete(receives.keys().next().value!);
}
