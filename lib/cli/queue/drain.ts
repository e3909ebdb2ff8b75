import type { Outcome, Queue } from '../../queue/queue.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';

/** Receives that are open at once. More would only find each other's messages in flight. */
const WORKERS = 4;
/** SQS asks only some of its servers when a receive does not wait, so an empty answer would prove nothing. */
const WAIT_SECONDS = 2;
const LEASE_SECONDS = 60;

/** How a {@link drain} ended. */
export interface Drained {
  readonly interrupted: boolean;
  /** Messages whose outcome was a failure. */
  readonly failures: number;
}

/**
 * Gives all messages of a queue to `take`, in batches and several of them at once, until a receive that waited finds none. On a FIFO queue one
 * after the other, which keeps the order.
 */
export async function drain(
  queue: Queue,
  signal: AbortSignal,
  take: (messages: readonly ReceivedMessage[]) => Promise<readonly Outcome[]>,
): Promise<Drained> {
  let failures = 0;
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const messages = await queue.receive({
        max: queue.limits.batchEntries,
        waitSeconds: WAIT_SECONDS,
        visibilityTimeoutSeconds: LEASE_SECONDS,
      });
      if (messages.length === 0) return;
      failures += (await take(messages)).filter(({ ok }) => !ok).length;
    }
  };
  await Promise.all(Array.from({ length: queue.features.ordered ? 1 : WORKERS }, work));
  return { interrupted: signal.aborted, failures };
}
