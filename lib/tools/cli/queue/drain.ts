import { sleep, systemClock } from '../../../queue/clock.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { EntryResult, Queue } from '../../../queue/queue.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { commandRetryOptions } from './release.js';

/** Receives that are open at once. More would only find each other's messages in flight. */
const WORKERS = 4;
/** SQS asks only some of its servers when a receive does not wait, so an empty answer would prove nothing. */
const WAIT_SECONDS = 2;
const LEASE_SECONDS = 60;

/** The end of a {@link drain}. */
export interface Drained {
  readonly interrupted: boolean;
  /** Messages whose outcome was a failure. */
  readonly failures: number;
}

/** Options of {@link drain}. */
export interface DrainOptions {
  /** Receives that are open at once; a FIFO queue has one, which keeps the order. Default 4. */
  readonly workers?: number;
  /** A message is hidden this long where its outcome does not end that. Default 60. */
  readonly leaseSeconds?: number;
  /** The most that the next receive may bring. Default: as many as the queue gives. */
  readonly max?: () => number;
}

/**
 * Gives all messages of a queue to `take`, in batches and several of them at once, until a receive that waited finds none. What fails as a
 * whole ends it, after what is under way.
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

/** Receives; tries again a few times what fails for the time being. */
async function receive(queue: Queue, max: number, leaseSeconds: number): Promise<readonly ReceivedMessage[]> {
  const { maxAttempts, retryBaseMs } = commandRetryOptions(queue);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await queue.receive({ max, waitSeconds: WAIT_SECONDS, visibilityTimeoutSeconds: leaseSeconds });
    } catch (error) {
      if (!(error instanceof QueueError) || !error.retryable || attempt === maxAttempts) throw error;
      await sleep(systemClock, retryBaseMs * 2 ** attempt);
    }
  }
}
