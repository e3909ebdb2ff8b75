import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { releaseMessages, receivesLeft } from './release.js';

/**
 * Short, since an end waits for it. A receive that is cut may have been given messages, and those
 * would stay hidden.
 */
const WAIT_SECONDS = 5;
/** A message stays hidden from workers this long at most, should this process die meanwhile. */
const LOOK_SECONDS = 30;
/** A message that comes again is hidden longer each time, up to this. */
const LONGEST_SECONDS = 300;
/** Messages whose receives are remembered. Of more, the oldest are shown as new. */
const REMEMBERED = 100_000;

/** The end of a {@link follow}. */
export interface Followed {
  /** The message that ended it: its last receive is kept for a worker. */
  readonly stopped?: ReceivedMessage;
}

/**
 * Shows each message of a queue once, and releases it at once. A message that comes again was not
 * taken by a worker. It stays hidden for a while, so that following a queue without workers does
 * not use up its receives. At the end all messages are released.
 *
 * @param show receives each new message; ends the following by resolving with false
 */
export async function follow(
  queue: Queue,
  signal: AbortSignal,
  show: (message: ReceivedMessage) => Promise<boolean>,
): Promise<Followed> {
  const receives = new Map<string, number>();
  const held = new Map<string, ReceivedMessage>();
  try {
    while (!signal.aborted) {
      const messages = await queue.receive({
        max: queue.limits.batchEntries,
        waitSeconds: WAIT_SECONDS,
        visibilityTimeoutSeconds: LOOK_SECONDS,
      });
      for (const message of messages) held.set(message.id, message);
      const going = await showNew(messages, receives, show);
      const stopped = messages.find((message) => receivesLeft(queue, message.receiveCount) <= 0);
      if (stopped !== undefined) return { stopped };
      if (!going) return {};
      for (const id of await releaseShown(queue, messages, receives)) held.delete(id);
    }
    return {};
  } finally {
    await releaseMessages(queue, [...held.values()]);
  }
}

/**
 * Counts the receives of messages, and shows the new ones.
 *
 * @returns false once `show` has ended it
 */
async function showNew(
  messages: readonly ReceivedMessage[],
  receives: Map<string, number>,
  show: (message: ReceivedMessage) => Promise<boolean>,
): Promise<boolean> {
  let going = true;
  for (const message of messages) {
    const times = receives.get(message.id) ?? 0;
    remember(receives, message.id, times + 1);
    if (times === 0 && going) going = await show(message);
  }
  return going;
}

/**
 * Releases messages that came for the first time, and hides those that came again.
 *
 * @returns the ids of the released ones
 */
async function releaseShown(
  queue: Queue,
  messages: readonly ReceivedMessage[],
  receives: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  if (messages.length === 0) return [];
  const entries = messages.map((message) => {
    const times = receives.get(message.id)! - 1;
    return { message, seconds: Math.min(times * LOOK_SECONDS, LONGEST_SECONDS) };
  });
  const outcomes = await queue.release(entries);
  const released = entries.filter(({ seconds }, at) => seconds === 0 && outcomes[at]?.ok);
  return released.map(({ message }) => message.id);
}

function remember(receives: Map<string, number>, id: string, times: number): void {
  receives.delete(id);
  receives.set(id, times);
  if (receives.size > REMEMBERED) receives.delete(receives.keys().next().value!);
}
