import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../lib/queue/clock.js';
import { seedRandom } from '../queue/harness.js';
import { failingFirst, faultsOf, untilEmpty } from './fleet/failing-first.js';
import { range } from './harness.js';

seedRandom();

const CASES = range(4).flatMap((workers) => range(8, 3).map((limit) => [workers, limit] as const));
const GOOD = { neverRan: [], outOfOrder: [], deadLetters: 2 };

describe('messages behind a message of a FIFO group that always fails', () => {
  it.each(CASES)(
    'run at least once and in order with fifty seeds: %d workers, maxReceiveCount %d',
    async (workers, maxReceiveCount) => {
      for (const seed of range(50)) {
        const fleet = await failingFirst({ workers, maxReceiveCount, seed });
        await untilEmpty(fleet);
        expect({ seed, ...faultsOf(fleet) }).toEqual({ seed, ...GOOD });
      }
    },
  );

  it('run at least once and in order on a real clock: 1 to 4 workers, maxReceiveCount 3 to 10, five seeds', async () => {
    const runs = CASES.flatMap((about) => range(5).map((seed) => [...about, seed] as const));
    const faults = runs.map(async ([workers, maxReceiveCount, seed]) => {
      const retry = { baseSeconds: 1, factor: 1 };
      const fleet = await failingFirst({ workers, maxReceiveCount, seed, retry, mostMs: 100, clock: systemClock });
      fleet.start();
      await fleet.queue.untilEmpty();
      const found = faultsOf(fleet);
      await Promise.all(fleet.workers.map(({ consumer }) => consumer.stop()));
      return { workers, maxReceiveCount, seed, ...found };
    });
    expect(await Promise.all(faults)).toEqual(
      runs.map(([workers, maxReceiveCount, seed]) => ({ workers, maxReceiveCount, seed, ...GOOD })),
    );
  });
});
