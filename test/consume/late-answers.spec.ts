import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { seedRandom } from '../queue/harness.js';
import { Fleet, type FleetHandler } from './fleet/fleet.js';
import { LATE_NUMBERS, overLateNetwork } from './fleet/late-network.js';
import type { Delays, LinkVerb } from './fleet/link.js';
import { overlaps, silentRepeats, unreported } from './fleet/reports.js';
import { range } from './harness.js';

seedRandom();

const SOON = { there: 5, back: 5 };

const takesMs =
  (ms: number): FleetHandler =>
  (_, __, clock) =>
    sleep(clock, ms);

/** Delays the answer to the first request of a verb. */
function firstAnswer(late: LinkVerb, back: number): Delays {
  let first = true;
  return (verb) => {
    if (verb !== late || !first) return SOON;
    first = false;
    return { there: 5, back };
  };
}

describe('a lease of 30 s whose message is read late', () => {
  it.each([1, 7, 14, 16, 20, 24, 28])(
    'is extended at once, so the message is handled once: %d s late, with a handler of 14 s',
    async (seconds) => {
      const fleet = new Fleet(takesMs(14_000), { workers: 2, delays: firstAnswer('receive', seconds * 1_000) });
      await fleet.send([1]);
      fleet.start();
      await fleet.advance(120_000, () => fleet.isEmpty);
      expect(fleet.runs.map(({ receiveCount }) => receiveCount)).toEqual([1]);
      expect(fleet.of('settled').map(({ outcome }) => outcome)).toEqual(['ack']);
    },
  );

  it.each([31, 45, 70])('is not used after it has ended: %d s late', async (seconds) => {
    const fleet = new Fleet(takesMs(14_000), { workers: 2, delays: firstAnswer('receive', seconds * 1_000) });
    await fleet.send(range(3));
    fleet.start();
    await fleet.advance(300_000);
    expect([overlaps(fleet), fleet.isEmpty]).toEqual([[], true]);
    expect(fleet.runs.map(({ receiveCount }) => receiveCount)).toEqual([2, 2, 2]);
    expect(fleet.of('lease-lost')).toHaveLength(3);
  });

  it('is given up before the handler starts if its extension is not answered', async () => {
    const delays: Delays = (verb, at) => {
      if (at > 60_000) return SOON;
      return verb === 'receive' ? { there: 5, back: 26_000 } : { there: 1e9, back: 0 };
    };
    const fleet = new Fleet(takesMs(100), { workers: 1, delays });
    await fleet.send([1]);
    fleet.start();
    await fleet.advance(60_000);
    expect([fleet.runs, fleet.of('lease-lost').length, fleet.of('settled')[0]?.outcome]).toEqual([[], 1, 'abandon']);
    await fleet.advance(60_000);
    expect([fleet.runs.length, fleet.isEmpty]).toEqual([1, true]);
  });
});

describe('a worker that is paused', () => {
  it.each([5, 20, 29, 31, 60])('for %d s with an open receive runs only what is still its own', async (seconds) => {
    const fleet = new Fleet(takesMs(14_000), { workers: 2 });
    const [first] = fleet.workers;
    first!.consumer.start();
    await fleet.advance(1_000);
    first!.clock.pause();
    await fleet.send([1]);
    await fleet.advance(10);
    fleet.workers[1]!.consumer.start();
    await fleet.advance(seconds * 1_000);
    first!.clock.resume();
    await fleet.advance(120_000);
    expect([overlaps(fleet), silentRepeats(fleet), fleet.isEmpty]).toEqual([[], [], true]);
    expect(fleet.runs.at(-1)!.endedAt).toBeLessThan(110_000);
  });

  it.each([20, 31, 60])('for %d s while a handler runs reports a lost lease when it continues', async (seconds) => {
    const fleet = new Fleet(takesMs(14_000), { workers: 2 });
    const [first, second] = fleet.workers;
    await fleet.send([1]);
    first!.consumer.start();
    await fleet.advance(1_000);
    first!.clock.pause();
    second!.consumer.start();
    const pausedFor = seconds * 1_000;
    await fleet.advance(pausedFor);
    first!.clock.resume();
    await fleet.advance(120_000);
    expect([unreported(fleet, pausedFor), silentRepeats(fleet), fleet.isEmpty]).toEqual([[], [], true]);
    expect(fleet.of('lease-lost')).toHaveLength(seconds > 30 ? 1 : 0);
  });
});

describe('leases over a network that delays requests and answers', () => {
  it.each(range(15))('end with a report before another worker starts the message: seed %d', async (seed) => {
    const fleet = await overLateNetwork(seed);
    expect([unreported(fleet), silentRepeats(fleet)]).toEqual([[], []]);
    for (const n of LATE_NUMBERS) expect(fleet.runs.some((run) => run.n === n)).toBe(true);
  });
});
