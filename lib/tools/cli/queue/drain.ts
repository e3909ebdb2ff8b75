import { sleep, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { EntryResult, Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { commandBatching } from './release.js';

/** Limits the open receives. More receives would only find messages in flight. */
const WORKERS = 4;
/**
 * Makes a receive ask all servers of SQS. A receive without a wait asks only some of them, so its
 * empty answer proves nothing.
 */
const WAIT_SECONDS = 2;
const LEASE_SECONDS = 60;

/** Describes the end of a {@link drain}. */
export interface Drained {
  readonly interrupted: boolean;
  /** Number of messages whose outcome was a failure. */
  readonly failures: number;
}

/** Options of {@link drain}. */
export interface DrainOptions {
  /** Number of open receives. A FIFO queue has one, which keeps the order. Default 4. */
  readonly workers?: number;
  /** Seconds for which a message stays hidden unless its outcome ends that. Default 60. */
  readonly leaseSeconds?: number;
  /** Largest number of messages of the next receive. Default: the limit of the queue. */
  readonly max?: () => number;
}

/**
 * Passes all messages of a queue to `take`, in several batches at once. Ends when a receive that
 * waited finds no message. A failure of a whole batch ends the drain after the open batches.
 */
export async function drain(
  queue: Queue,
  signal: AbortSignal,
  take: (messages: readonly ReceivedMessage[]) => Promise<readonly EntryResult[]>,
  options: DrainOptions = {},
): Promise<Drained> {
  const { workers = WORKERS, leaseSeconds = LEASE_SECONDS, max = () => queue.limits.batchEntries } = options;
  let failures = 0;
  let broken = false;
  const work = async (): Promise<void> => {
    while (!signal.aborted && !broken) {
      const messages = await receive(queue, max(), leaseSeconds);
      if (messages.length === 0) return;
      failures += (await take(messages)).filter(({ ok }) => !ok).length;
    }
  };
  const works = Array.from({ length: queue.features.ordered ? 1 : workers }, () =>
    work().catch((error: unknown) => {
      broken = true;
      throw error;
    }),
  );
  for (const ended of await Promise.allSettled(works)) if (ended.status === 'rejected') throw ended.reason;
  return { interrupted: signal.aborted, failures };
}

/** Receives messages. Retries a temporary failure a few times. */
async function receive(queue: Queue, max: number, leaseSeconds: number): Promise<readonly ReceivedMessage[]> {
  const { maxAttempts, retryBaseMs } = commandBatching(queue);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await queue.receive({ max, waitSeconds: WAIT_SECONDS, visibilityTimeoutSeconds: leaseSeconds });
    } catch (error) {
      if (!(error instanceof QueueError) || !error.retryable || attempt === maxAttempts) throw error;
      await sleep(systemClock, retryBaseMs * 2 ** attempt);
    }
  }
}
