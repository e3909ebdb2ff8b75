import { describe, expect, it } from '@jest/globals';
import { seedRandom } from '../queue/harness.js';
import { LATE_NUMBERS, overLateNetwork } from './fleet/late-network.js';
import { silentRepeats, unreported } from './fleet/reports.js';
import { range } from './harness.js';

seedRandom();

describe('leases over a network that delays requests and answers', () => {
  it.each(range(10))(
    'end with a report before another worker starts the message: fifty seeds, part %d',
    async (part) => {
      for (const seed of range(50, part * 50)) {
        const fleet = await overLateNetwork(seed);
        expect([seed, unreported(fleet), silentRepeats(fleet)]).toEqual([seed, [], []]);
        for (const n of LATE_NUMBERS) expect(fleet.runs.some((run) => run.n === n)).toBe(true);
      }
    },
  );
});
