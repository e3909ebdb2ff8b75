import { describe, expect, it } from '@jest/globals';
import { seedRandom } from '../queue/harness.js';
import { failure, turns } from './harness.js';
import { idle, PollerBench } from './poller-bench.js';

seedRandom();

/** Notes if a promise has resolved. */
function watched(promise: Promise<unknown>): { done: boolean } {
  const state = { done: false };
  void promise.then(() => (state.done = true));
  return state;
}

describe('a paused Poller', () => {
  it('lets an open long poll end by itself, accepts its messages, and receives nothing more', async () => {
    const bench = new PollerBench(() => ({ count: 3, afterMs: 20_000 }));
    bench.poller.start();
    await bench.clock.advance(5_000);
    const paused = watched(bench.poller.stop());
    await bench.clock.advance(14_999);
    expect([paused.done, bench.accepted.length]).toEqual([false, 0]);
    await bench.clock.advance(1);
    expect([paused.done, bench.accepted.length]).toEqual([true, 3]);
    await bench.clock.advance(600_000);
    expect([bench.times, bench.poller.isReceiving]).toEqual([[0], false]);
  });

  it('aborts an open long poll where the carrier allows it, and reports no failure', async () => {
    const bench = new PollerBench(idle);
    Object.assign(bench.queue, { features: { ...bench.queue.features, abortableReceive: true } });
    bench.poller.start();
    await bench.clock.advance(5_000);
    const paused = watched(bench.poller.stop());
    await turns();
    expect(paused.done).toBe(true);
    bench.poller.resume();
    await bench.clock.advance(20_000);
    expect(bench.times).toEqual([0, 5_000, 25_000]);
    expect(bench.events.filter(({ type }) => type === 'poll-failed')).toEqual([]);
  });

  it('opens one long poll after a pause and a resume of the same turn, where the carrier allows aborts', async () => {
    const bench = new PollerBench(idle);
    Object.assign(bench.queue, { features: { ...bench.queue.features, abortableReceive: true } });
    bench.poller.start();
    await bench.clock.advance(5_000);
    for (let i = 0; i < 5; i += 1) {
      void bench.poller.stop();
      bench.poller.resume();
    }
    await bench.clock.advance(50_000);
    expect(bench.open).toBe(1);
    expect(bench.events.filter(({ type }) => type === 'poll-failed')).toEqual([]);
  });

  it('keeps the long poll that is still open at a resume, and opens no other', async () => {
    const bench = new PollerBench(idle);
    bench.poller.start();
    for (let i = 0; i < 7; i += 1) {
      await bench.clock.advance(1_000);
      void bench.poller.stop();
      await bench.clock.advance(1_000);
      bench.poller.resume();
    }
    expect([bench.times, bench.mostOpen]).toEqual([[0], 1]);
    await bench.clock.advance(60_000);
    expect([bench.times, bench.mostOpen]).toEqual([[0, 20_000, 40_000, 60_000], 1]);
  });

  it('never has more than maxPollers long polls, however often it pauses', async () => {
    const bench = new PollerBench((max) => ({ count: max, afterMs: 700 }), { concurrency: 10_000, maxPollers: 3 });
    bench.poller.start();
    for (let i = 0; i < 40; i += 1) {
      await bench.clock.advance(130);
      void bench.poller.stop();
      if (i % 2 === 0) await bench.clock.advance(90);
      bench.poller.resume();
    }
    expect(bench.mostOpen).toBe(3);
    bench.answer = idle;
    await bench.clock.advance(60_000);
    expect(bench.open).toBe(1);
  });

  it('receives at once after a resume in the pause after a failure', async () => {
    const bench = new PollerBench(() => ({ error: failure('missing-queue') }));
    bench.poller.start();
    await bench.clock.advance(1);
    const paused = watched(bench.poller.stop());
    await bench.clock.advance(60_000);
    expect([paused.done, bench.times]).toEqual([true, [0]]);
    bench.answer = idle;
    bench.poller.resume();
    await bench.clock.advance(10);
    expect(bench.times).toEqual([0, 60_001]);
    expect(bench.events.at(-1)).toMatchObject({ type: 'poll-failed' });
  });

  it('reports no stall while it is paused, and counts a stall from the resume', async () => {
    const bench = new PollerBench((max, number) => (number === 1 ? { count: max } : idle()), { concurrency: 10 });
    bench.poller.start();
    await bench.clock.advance(200_000);
    expect(bench.poller.stallDetector.waitedMs).toBe(200_000);
    void bench.poller.stop();
    await bench.clock.advance(1_000_000);
    expect(bench.poller.stallDetector.waitedMs).toBe(0);
    expect(bench.events.filter(({ type }) => type === 'stalled')).toEqual([]);
    bench.poller.resume();
    await bench.clock.advance(300_000);
    expect(bench.events.filter(({ type }) => type === 'stalled')).toMatchObject([{ forMs: 300_000 }]);
  });

  it('takes slots again after a resume while it waited for one', async () => {
    const bench = new PollerBench((max, number) => (number === 1 ? { count: max } : idle()), { concurrency: 10 });
    bench.poller.start();
    await bench.clock.advance(1_000);
    void bench.poller.stop();
    bench.poller.resume();
    await turns();
    bench.slots.release(10);
    await bench.clock.advance(1_000);
    expect(bench.asked.map(({ max }) => max)).toEqual([10, 10]);
  });
});

describe('the times of a Poller', () => {
  it('count attempts also in an outage, and answers only from the queue', async () => {
    const bench = new PollerBench(() => ({ error: failure('network') }));
    const { times } = bench.poller;
    expect([times.sinceAttemptMs, times.sinceReceiveMs, times.openReceives]).toEqual([undefined, undefined, 0]);
    bench.poller.start();
    for (let i = 0; i < 100; i += 1) {
      await bench.clock.advance(1_000);
      expect(times.sinceAttemptMs).toBeLessThan(2_000);
    }
    expect(times.sinceReceiveMs).toBeUndefined();
    bench.answer = () => ({ afterMs: 20_000 });
    await bench.clock.advance(30_000);
    expect([times.openReceives, times.sinceReceiveMs! < 20_000]).toEqual([1, true]);
  });
});
