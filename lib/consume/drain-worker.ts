import { type Clock, sleep } from '../queue/clock.js';
import { type Delivery, WorkerStoppedError } from './delivery.js';
import type { MessageGroups } from './message-groups.js';
import type { SlowCalls } from './middleware/slow-calls.js';
import type { Poller } from './poller.js';

/** Holds the parts of a worker that a stop ends. */
export interface DrainParts {
  readonly poller: Poller;
  readonly groups: MessageGroups;
  readonly slowCalls: SlowCalls;
  /** Messages that are not settled yet. */
  readonly inHand: ReadonlySet<Delivery>;
  readonly clock: Clock;
  readonly drainTimeoutMs: number;
}

/** Time in ms for aborted handlers to end. */
const GRACE_MS = 500;

/**
 * Stops in order: starts no receive, ends the open receives, releases what waits behind another
 * message of its group, handles what the open receives still return, waits for handlers and
 * acknowledgements. A message that may not come back is handled instead of released. After the drain
 * timeout it aborts the remaining handlers. Their messages come back when their leases end. Never
 * rejects.
 *
 * @param hurry ends the wait as the drain timeout does
 */
export async function drainWorker(parts: DrainParts, hurry: AbortSignal | undefined): Promise<void> {
  const { poller, groups, slowCalls, inHand, clock, drainTimeoutMs } = parts;
  const drained = new AbortController();
  const ends = hurry ? AbortSignal.any([hurry, drained.signal]) : drained.signal;
  const idle = whenIdle(parts).then(() => drained.abort());
  groups.drain();
  await Promise.race([idle, sleep(clock, drainTimeoutMs, ends)]);
  if (drained.signal.aborted) return;
  groups.close();
  poller.abort();
  for (const { lease } of inHand) lease.abort(new WorkerStoppedError());
  await Promise.race([idle, sleep(clock, GRACE_MS, drained.signal)]);
  slowCalls.close();
  // Not awaited: a renewal in progress may hang until its own deadline.
  for (const { lease } of inHand) void lease.stop();
}

async function whenIdle({ poller, groups }: DrainParts): Promise<void> {
  await poller.stop();
  await groups.whenIdle();
}
