import { type Clock, sleep } from '../queue/clock.js';
import { type Delivery, WorkerStoppedError } from './delivery.js';
import type { MessageGroups } from './message-groups.js';
import type { Poller } from './poller.js';
import { rejectRest, type RejectRestParts } from './reject-rest.js';
import type { Settler } from './settler.js';
import type { SlowCalls } from './slow-calls.js';

/** Holds the parts of a worker that a stop ends. */
export interface DrainParts extends RejectRestParts {
  readonly poller: Poller;
  readonly groups: MessageGroups;
  readonly settler: Settler;
  readonly slowCalls: SlowCalls;
  /** Messages that are not settled yet. */
  readonly inHand: Iterable<Delivery>;
  readonly clock: Clock;
  readonly drainTimeoutMs: number;
}

/** Time in ms for aborted handlers to end. */
const GRACE_MS = 500;
/** Time in ms for the poison policy to act on messages that would be lost with this process. */
const REST_MS = 2_000;

/**
 * Stops in order: lets a queue in the memory of this process accept nothing more, and handles what it
 * holds. Starts no receive, ends the open receives, releases what waits behind another message of its
 * group, handles what the open receives still return, waits for handlers and acknowledgements. A
 * message that may not come back is handled instead of released. After the drain timeout it aborts
 * the remaining handlers. Their messages come back when their leases end, and so do those of
 * settlements that an outage holds up. A queue in the memory of this process would lose its messages,
 * so the poison policy decides about them. Never rejects.
 *
 * @param hurry ends the wait as the drain timeout does
 * @returns the messages that were given up
 */
export async function drainWorker(parts: DrainParts, hurry: AbortSignal | undefined): Promise<readonly Delivery[]> {
  const { groups, slowCalls, clock, drainTimeoutMs } = parts;
  const drained = new AbortController();
  const ends = hurry ? AbortSignal.any([hurry, drained.signal]) : drained.signal;
  const idle = whenIdle(parts).then(() => drained.abort());
  groups.drain();
  await Promise.race([idle, sleep(clock, drainTimeoutMs, ends)]);
  const left = drained.signal.aborted ? [] : [...parts.inHand];
  if (!drained.signal.aborted) await giveUp(parts, idle, drained.signal);
  slowCalls.close();
  const over = new AbortController();
  const rest = rejectRest(parts, over.signal).then(() => over.abort());
  await Promise.race([rest, sleep(clock, REST_MS, over.signal)]);
  over.abort();
  parts.settler.close();
  // A handler that obeys its signal may still end well.
  return left.filter(({ gone }) => !gone);
}

async function whenIdle({ queue, poller, groups }: DrainParts): Promise<void> {
  const emptied = queue.drain?.();
  // A worker that has not begun to receive handles nothing of what the queue holds.
  if (emptied && poller.hasBegun) {
    // A pause ends here: the messages that such a queue holds would end with this process.
    poller.resume();
    await emptied;
  }
  await poller.stop();
  await groups.whenIdle();
}

/** Ends the handlers that are left. */
async function giveUp(
  { poller, groups, inHand, clock }: DrainParts,
  idle: Promise<void>,
  drained: AbortSignal,
): Promise<void> {
  groups.close();
  poller.abort();
  for (const { lease } of inHand) lease.abort(new WorkerStoppedError());
  await Promise.race([idle, sleep(clock, GRACE_MS, drained)]);
  // Not awaited: a renewal in progress may hang until its own deadline.
  for (const { lease } of inHand) void lease.stop();
}
