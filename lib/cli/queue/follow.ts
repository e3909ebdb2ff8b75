import type { Queue } from '../../queue/queue.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';

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
  /** The message that the next look would send to the dead-letter queue. */
  readonly stopped?: ReceivedMessage;
}

/**
 * Shows each message of a queue once, and hands it back at once. One that comes again, because nobody took it meanwhile, is left hidden
 * for a while, so that looking at a queue without workers does not use up the receives of its messages.
 *
 * @param show is told of each message that is new; ends it by returning false
 */
export async function follow(
  queue: Queue,
  signal: AbortSignal,
  show: (message: ReceivedMessage) => boolean,
): Promise<Followed> {
  const { redrive } = queue;
  const last = redrive === undefined || redrive === 'unknown' ? Infinity : redrive.maxReceiveCount;
  const looks = new Map<string, number>();
  let going = true;
  let stopped: ReceivedMessage | undefined;
  while (going && stopped === undefined && !signal.aborted) {
    const messages = await queue.receive({
      max: queue.limits.batchEntries,
      waitSeconds: WAIT_SECONDS,
      visibilityTimeoutSeconds: LOOK_SECONDS,
    });
    const entries = messages.map((message) => {
      const times = looks.get(message.id) ?? 0;
      remember(looks, message.id, times + 1);
      if (times === 0 && going) going = show(message);
      if (message.receiveCount >= last) stopped = message;
      return { message, seconds: Math.min(times * LOOK_SECONDS, LONGEST_SECONDS) };
    });
    if (entries.length > 0) await queue.hide(going && stopped === undefined ? entries : entries.map(atOnce));
  }
  return stopped === undefined ? {} : { stopped };
}

function atOnce({ message }: { readonly message: ReceivedMessage }): { message: ReceivedMessage; seconds: number } {
  return { message, seconds: 0 };
}

function remember(looks: Map<string, number>, id: string, times: number): void {
  looks.delete(id);
  looks.set(id, times);
  if (looks.size > REMEMBERED) looks.delete(looks.keys().next().value!);
}
