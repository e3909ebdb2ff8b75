import { describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../lib/consume/delivery.js';
import { sleep } from '../../lib/queue/clock.js';
import { failure } from './harness.js';
import { KeeperBench } from './keeper-bench.js';

const HOUR = 3_600_000;

describe('the visibility extender', () => {
  it('renews a lease at every half of the visibility timeout, counted from the receive', async () => {
    const bench = new KeeperBench();
    await bench.track();
    await bench.clock.advance(60_000);
    expect(bench.times).toEqual([15_000, 30_000, 45_000, 60_000]);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', visibleAt: 90_000, receiveCount: 1 }]);
  });

  it.each([
    [0, 12_000],
    [1, 18_000],
  ])('spreads renewals by a tenth of the lease: random %d renews at %d ms', async (random, at) => {
    const bench = new KeeperBench(30, () => random);
    await bench.track();
    await bench.clock.advance(18_000);
    expect(bench.times[0]).toBe(at);
  });

  it('renews 25 leases in requests of ten with one timer', async () => {
    const bench = new KeeperBench();
    await bench.track(25);
    expect([bench.extender.size, bench.clock.pending]).toEqual([25, 1]);
    await bench.clock.advance(15_000);
    expect(bench.hides.map(({ entries }) => entries)).toEqual([10, 10, 5]);
    expect(bench.clock.pending).toBe(1);
  });

  it('adds leases that are due soon to a renewal request and leaves out leases that are due later', async () => {
    const bench = new KeeperBench();
    await bench.track();
    await bench.clock.advance(2_900);
    await bench.track();
    await bench.clock.advance(1_000);
    await bench.track();
    await bench.clock.advance(11_100);
    expect(bench.hides).toEqual([{ at: 15_000, entries: 2 }]);
    await bench.clock.advance(3_900);
    expect(bench.hides.at(-1)).toEqual({ at: 18_900, entries: 1 });
  });

  it('keeps the shortest lease from ending with the latest renewal time', async () => {
    const bench = new KeeperBench(2, () => 1);
    await bench.track(3);
    await bench.clock.advance(600_000);
    expect(bench.queue.messages().every(({ state, receiveCount }) => state === 'inFlight' && receiveCount === 1)).toBe(
      true,
    );
  });

  it('stops its timer when the last lease stops', async () => {
    const bench = new KeeperBench();
    const [a, b] = await bench.track(2);
    await a!.stop();
    expect(bench.clock.pending).toBe(1);
    await b!.stop();
    await b!.stop();
    expect([bench.clock.pending, bench.extender.size]).toEqual([0, 0]);
    await bench.clock.advance(60_000);
    expect(bench.hides).toEqual([]);
  });

  it('never extends a lease beyond 12 hours after the receive', async () => {
    const bench = new KeeperBench(7200);
    const [lease] = await bench.track();
    await bench.clock.advance(12 * HOUR - 1);
    expect(bench.queue.messages()[0]!.visibleAt).toBeLessThanOrEqual(12 * HOUR);
    expect(bench.queue.messages()[0]!.visibleAt).toBeGreaterThan(12 * HOUR - 10_000);
    const { length } = bench.hides;
    await bench.clock.advance(HOUR);
    expect([bench.hides.length, bench.clock.pending, lease!.lost]).toEqual([length, 0, true]);
    expect(bench.events.map(({ type }) => type)).toEqual(['lease-lost']);
  });

  it('retries a failed renewal before the lease ends', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number <= 4 ? failure('network') : undefined);
    const [lease] = await bench.track();
    await bench.clock.advance(29_999);
    expect(bench.times).toEqual([15_000, 18_000, 21_000, 24_000, 27_000]);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', visibleAt: 57_000 }]);
    expect([lease!.lost, lease!.signal.aborted]).toEqual([false, false]);
  });

  it('retries only the failed entries of a renewal', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number === 1 ? [undefined, failure('service')] : undefined);
    await bench.track(3);
    await bench.clock.advance(18_000);
    expect(bench.hides).toEqual([
      { at: 15_000, entries: 3 },
      { at: 18_000, entries: 1 },
    ]);
  });

  it('reports and aborts a lost lease once and keeps renewing the other leases', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number === 1 ? [failure('lease-lost')] : undefined);
    const [a, b] = await bench.track(2);
    await bench.clock.advance(45_000);
    expect([a!.lost, a!.signal.aborted, b!.lost, b!.signal.aborted]).toEqual([true, true, false, false]);
    expect(a!.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(bench.events).toEqual([{ type: 'lease-lost', queue: 'memory', messageId: a!.message.id }]);
    expect(bench.hides.map(({ entries }) => entries)).toEqual([2, 1, 1]);
  });

  it('counts a renewed lease from its request however late the response arrives', async () => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      const outcomes = await extend(entries);
      await new Promise<void>((resolve) => bench.clock.setTimer(resolve, 14_000));
      return outcomes;
    };
    await bench.track();
    await bench.clock.advance(300_000);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', receiveCount: 1 }]);
    expect(bench.times.slice(0, 3)).toEqual([15_000, 30_000, 45_000]);
  });

  it('keeps a lease whose renewal response lacks the entry', async () => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => (await extend(entries)).slice(1);
    const [lease] = await bench.track();
    await bench.clock.advance(15_000);
    await lease!.stop();
    expect(lease!.lost).toBe(false);
  });

  it('loses a lease at its end although a renewal is not answered yet', async () => {
    const bench = new KeeperBench();
    const [lease] = await bench.track();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      await sleep(bench.clock, 17_000);
      return extend(entries);
    };
    await bench.clock.advance(29_999);
    expect(lease!.lost).toBe(false);
    await bench.clock.advance(1);
    expect([lease!.lost, lease!.signal.aborted, bench.events.length]).toEqual([true, true, 1]);
    await bench.clock.advance(60_000);
    expect([bench.events.length, bench.clock.pending]).toEqual([1, 0]);
  });

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['a malformed entry', [null]],
    ['a failure without an error', [{ ok: false }]],
  ])('reports a renewal that is answered with %s, and renews again', async (_, answer) => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    let malformed = 1;
    bench.queue.extend = (entries) => (malformed-- > 0 ? Promise.resolve(answer as never) : extend(entries));
    const [lease] = await bench.track();
    await bench.clock.advance(29_000);
    expect(bench.events).toMatchObject([{ type: 'renew-failed', messageId: lease!.message.id }]);
    expect([bench.times, lease!.lost]).toEqual([[18_000], false]);
    await lease!.stop();
    expect([bench.extender.size, bench.clock.pending]).toEqual([0, 0]);
  });
});
