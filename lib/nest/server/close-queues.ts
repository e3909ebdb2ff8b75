import { type Clock, sleep } from '../../queue/clock.js';
import type { OpenQueues } from './open-queues.js';

/** Time in ms for queues to close after a drain that took all of its time. */
const CLOSE_MS = 500;

/**
 * Closes the queues of a worker. Waits for them until `endsAt` of the clock, at least half a second,
 * or until `hurry` aborts.
 */
export async function closeQueues(
  queues: OpenQueues | undefined,
  clock: Clock,
  endsAt: number,
  hurry: AbortSignal,
): Promise<void> {
  const closed = Promise.all([queues?.queue.close(), queues?.deadLetters?.close()]);
  closed.catch(() => undefined);
  const done = new AbortController();
  const ends = AbortSignal.any([hurry, done.signal]);
  // A carrier may have work left, such as bodies in S3 to delete.
  const late = sleep(clock, Math.max(CLOSE_MS, endsAt - clock.now()), ends);
  await Promise.race([closed, late]).finally(() => done.abort());
}
