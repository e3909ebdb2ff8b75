import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { Fleet, type FleetHandler, seededRandom } from './fleet/fleet.js';
import type { Delays, LinkVerb } from './fleet/link.js';
import { overlaps, silentRepeats, unreported } from './fleet/reports.js';
import { range } from './harness.js';

afterEach(() => {
  jest.restoreAllMocks();
});

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
  it.each(range(40))('end with a report before another worker starts the message: seed %d', async (seed) => {
    const random = seededRandom(seed);
    jest.spyOn(Math, 'random').mockImplementation(seededRandom(seed + 1_000));
    const upTo = (ms: number): number => Math.floor(random() * ms);
    // One request in ten, or its answer, is very late.
    const late = (): number => (random() < 0.1 ? upTo(40_000) : upTo(300));
    const fifo = random() < 0.5;
    const handler: FleetHandler = async (_, { lease }, clock) => {
      await sleep(clock, upTo(20_000));
      // A handler may ask for a shorter lease too.
      if (random() < 0.3) await lease.extend(1 + upTo(60)).catch(() => undefined);
      await sleep(clock, upTo(20_000));
    };
    const fleet = new Fleet(handler, {
      fifo,
      workers: 1 + upTo(3),
      visibilityTimeoutSeconds: 4 + upTo(30),
      waitTimeSeconds: upTo(20),
      concurrency: 1 + upTo(10),
      delays: () => ({ there: late(), back: late() }),
    });
    for (const n of range(20)) await fleet.send([n], fifo ? { groupId: `g${n % 3}` } : {});
    fleet.start();
    await fleet.advance(2 * 3_600_000, () => fleet.isEmpty);
    // A late removal is reported with its answer.
    await fleet.advance(100_000);
    expect([unreported(fleet), silentRepeats(fleet)]).toEqual([[], []]);
    for (const n of range(20)) expect(fleet.runs.some((run) => run.n === n)).toBe(true);
  });
});
