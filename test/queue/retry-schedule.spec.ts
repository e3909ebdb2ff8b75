import { describe, expect, it } from '@jest/globals';
import { RetrySchedule } from '../../lib/queue/retry-schedule.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

describe('the retry schedule', () => {
  it('returns each group of entries at its own time', async () => {
    const clock = new VirtualClock(0);
    const due: [number, readonly string[]][] = [];
    const schedule = new RetrySchedule<string>(clock, (entries) => void due.push([clock.now(), entries]));
    schedule.add(['a', 'b'], 200);
    schedule.add(['c'], 100);
    expect(schedule.isEmpty).toBe(false);
    await clock.advance(1_000);
    expect(due).toEqual([
      [100, ['c']],
      [200, ['a', 'b']],
    ]);
    expect(schedule.isEmpty).toBe(true);
  });

  it('takes all entries without calling back for them later', async () => {
    const clock = new VirtualClock(0);
    const due: (readonly string[])[] = [];
    const schedule = new RetrySchedule<string>(clock, (entries) => void due.push(entries));
    schedule.add(['a', 'b'], 200);
    schedule.add(['c'], 100);
    expect(schedule.takeAll()).toEqual(['a', 'b', 'c']);
    expect([schedule.isEmpty, clock.pending]).toEqual([true, 0]);
    await clock.advance(1_000);
    expect(due).toEqual([]);
  });
});
