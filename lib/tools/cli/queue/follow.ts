import { setNewest } from '../../../common/newest-entries.js';
import type { Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { releaseMessages, receivesLeft } from './release.js';

/**
 * Limits a receive, because the end waits for it. SQS hides messages that it handed to an aborted
 * receive.
 */
const WAIT_SECONDS = 5;
/** Limits how long a message stays hidden from workers if this process dies. */
const LOOK_SECONDS = 30;
/** Limits the growing time for which a repeated message stays hidden. */
const LONGEST_SECONDS = 300;
/**
 * Limits the messages whose receives are remembered. Beyond the limit the oldest messages are shown
 * as new.
 */
const REMEMBERED = 100_000;

/** Describes the end of a {@link follow}. */
export interface Followed {
  /** The message that ended the follow: its last receive is kept for a worker. */
  readonly stopped?: ReceivedMessage;
}

/**
 * Shows each message of a queue once and releases it at once. A message that comes again was not
 * taken by a worker. Such a message stays hidden for a while, so that a queue without workers does
 * not lose its receives. Releases all messages at the end.
 *
 * @param show receives each new message; false ends the follow
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
 * Counts the receives of messages, and shows the new messages.
 *
 * @returns false once `show` has ended the follow
 */
async function showNew(
  messages: readonly ReceivedMessage[],
  receives: Map<string, number>,
  show: (message: ReceivedMessage) => Promise<boolean>,
): Promise<boolean> {
  let going = true;
  for (const message of messages) {
    const times = receives.get(message.id) ?? 0;
    setNewest(receives, message.id, times + 1, REMEMBERED);
    if (times === 0 && going) going = await show(message);
  }
  return going;
}

/**
 * Releases messages that came for the first time, and hides messages that came again.
 *
 * @returns the ids of the released messages
 */
async function releaseShown(
  queue: Queue,
  messages: readonly ReceivedMessage[],
  receives: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  if (messages.length === 0) return [];
  const entries = messages.map((message) => {
    const times = receives.get(message.id)! - 1;
    return { message, seconds: Math.min(times * LOOK_SECONDS, LONGEST_SECONDS), cause: 'not-started' as const };
  });
  const outcomes = await queue.release(entries);
  const released = entries.filter(({ seconds }, at) => seconds === 0 && outcomes[at]?.ok);
  return released.map(({ message }) => message.id);
}
