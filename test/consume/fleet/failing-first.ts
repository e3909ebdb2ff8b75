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
export const FIRSTS = [100, 200] as const;
export const OTHERS = FIRSTS.flatMap((first) => range(EACH - 1, first + 1));

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

/** The numbers of the messages that never ran, and those that ran out of order. */
export function faultsOf({ runs }: Fleet): { readonly neverRan: number[]; readonly outOfOrder: number[] } {
  const ran = new Set(runs.map(({ n }) => n));
  const outOfOrder = FIRSTS.flatMap((first) => {
    const own = runs.map(({ n }) => n).filter((n) => n >= first && n < first + EACH);
    return own.filter((n, at) => at > 0 && n < own[at - 1]!);
  });
  return { neverRan: OTHERS.filter((n) => !ran.has(n)), outOfOrder };
}
