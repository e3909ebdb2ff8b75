import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { seededRandom } from './fleet/fleet.js';
import { failingFirst, faultsOf, FIRSTS } from './fleet/failing-first.js';
import { range } from './harness.js';

afterEach(() => {
  jest.restoreAllMocks();
});

const WORKERS = range(4);
const LIMITS = range(10);
const HOUR = 3_600_000;

describe('messages behind a message of a FIFO group that always fails', () => {
  it.each(WORKERS.flatMap((workers) => LIMITS.map((limit) => [workers, limit] as const)))(
    'run at least once and in order: %d workers, maxReceiveCount %d',
    async (workers, maxReceiveCount) => {
      for (const seed of range(2)) {
        jest.spyOn(Math, 'random').mockImplementation(seededRandom(seed));
        const fleet = await failingFirst({ workers, maxReceiveCount, seed });
        fleet.start();
        await fleet.advance(12 * HOUR, () => fleet.isEmpty);
        expect({ seed, ...faultsOf(fleet) }).toEqual({ seed, neverRan: [], outOfOrder: [] });
        expect(fleet.dead.messages()).toHaveLength(FIRSTS.length);
        for (const { consumer } of fleet.workers) void consumer.stop();
        await fleet.advance(60_000);
      }
    },
  );
});
