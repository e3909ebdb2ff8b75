import type { Clock } from '#lib/queue/clock.js';
import type { RetryOptions } from '#lib/consume/retry-policy.js';
import { range } from '../harness.js';
import { failing, Fleet, seededRandom } from './fleet.js';

export interface FailingFirstOptions {
  readonly workers: number;
  readonly maxReceiveCount: number;
  readonly seed: number;
  readonly clock?: Clock;
  readonly retry?: RetryOptions;
  /** Longest time of a request or a handler in ms. */
  readonly mostMs?: number;
}

/** Messages of each group. The first of a group is 100, 200 and so on. */
const EACH = 15;
const FIRSTS = [100, 200] as const;
const OTHERS = FIRSTS.flatMap((first) => range(EACH - 1, first + 1));

/** A FIFO queue with two groups of which the first message always fails. */
export async function failingFirst(options: FailingFirstOptions): Promise<Fleet> {
  const { seed, workers, maxReceiveCount, clock, mostMs = 1_000 } = options;
  const random = seededRandom(seed);
  const upTo = (ms: number): number => Math.floor(random() * ms);
  const fleet = new Fleet(
    failing(FIRSTS, () => upTo(mostMs)),
    {
      fifo: true,
      workers,
      maxReceiveCount,
      delays: () => ({ there: upTo(mostMs / 10), back: upTo(mostMs / 10) }),
      concurrency: 1 + upTo(20),
      maxPollers: 1 + upTo(4),
      ...(clock && { clock }),
      ...(options.retry && { retry: options.retry }),
    },
  );
  for (const first of FIRSTS) await fleet.send(range(EACH, first), { groupId: `g${first}` });
  return fleet;
}

/** Starts the workers, and stops them when no message is left. Time is virtual. */
export async function untilEmpty(fleet: Fleet): Promise<void> {
  fleet.start();
  await fleet.advance(12 * 3_600_000, () => fleet.isEmpty);
  for (const { consumer } of fleet.workers) void consumer.stop();
  await fleet.advance(60_000);
}

interface Faults {
  /** Messages that never ran. */
  readonly neverRan: number[];
  /** Messages that ran after a later message of their group. */
  readonly outOfOrder: number[];
  readonly deadLetters: number;
}

export function faultsOf({ runs, dead }: Fleet): Faults {
  const ran = new Set(runs.map(({ n }) => n));
  const outOfOrder = FIRSTS.flatMap((first) => {
    const own = runs.map(({ n }) => n).filter((n) => n >= first && n < first + EACH);
    return own.filter((n, at) => at > 0 && n < own[at - 1]!);
  });
  return { neverRan: OTHERS.filter((n) => !ran.has(n)), outOfOrder, deadLetters: dead.messages().length };
}
