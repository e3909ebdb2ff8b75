import { describe, expect, it } from '@jest/globals';
import { seedRandom } from '../queue/harness.js';
import { failingFirst, faultsOf, untilEmpty } from './fleet/failing-first.js';
import { range } from './harness.js';

seedRandom();

const LIMITS = [1, 2, 3, 4, 5, 7, 10];

describe('messages behind a message of a FIFO group that always fails', () => {
  it.each(range(4).flatMap((workers) => LIMITS.map((limit) => [workers, limit] as const)))(
    'run at least once and in order: %d workers, maxReceiveCount %d',
    async (workers, maxReceiveCount) => {
      const fleet = await failingFirst({ workers, maxReceiveCount, seed: workers * 100 + maxReceiveCount });
      await untilEmpty(fleet);
      expect(faultsOf(fleet)).toEqual({ neverRan: [], outOfOrder: [], deadLetters: 2 });
    },
  );
});
