import { describe, expect, it } from '@jest/globals';
import type { QueueErrorKind } from '#lib/queue/queue-error.js';
import { seedRandom, watch } from '../queue/harness.js';
import { failure } from './harness.js';
import { type Answer, idle, PollerBench } from './poller-bench.js';

seedRandom();

describe('a Poller', () => {
  it('polls an empty queue with one long poll at a time', async () => {
    const bench = new PollerBench(idle);
    bench.poller.start();
    await bench.clock.advance(60_000);
    expect(bench.times).toEqual([0, 20_000, 40_000, 60_000]);
    expect(bench.mostOpen).toBe(1);
    expect(bench.asked[0]!.options).toMatchObject({ max: 10, waitSeconds: 20, visibilityTimeoutSeconds: 30 });
  });

  it('requests no more messages than slots are free and pauses while no slot is free', async () => {
    const bench = new PollerBench((max, number) => (number <= 2 ? { count: max } : idle()), { concurrency: 13 });
    bench.poller.start();
    await bench.clock.advance(1_000);
    expect([bench.asked.map(({ max }) => max), bench.slots.available]).toEqual([[10, 3], 0]);
    for (let i = 0; i < 2; i += 1) bench.slots.release(1);
    await bench.clock.advance(1_000);
    expect([bench.asked.map(({ max }) => max), bench.accepted.length]).toEqual([[10, 3, 2], 13]);
  });

  it('releases the slots that a receive did not fill', async () => {
    const bench = new PollerBench((_, number) => (number === 1 ? { count: 4, afterMs: 1 } : idle()));
    bench.poller.start();
    await bench.clock.advance(1);
    expect(bench.asked.map(({ max }) => max)).toEqual([10, 6]);
  });

  it('adds pollers while receives return full and returns to one poller when receives return empty', async () => {
    const bench = new PollerBench((max) => ({ count: max, afterMs: 100 }), { concurrency: 1000, maxPollers: 3 });
    bench.poller.start();
    await bench.clock.advance(1_000);
    expect([bench.mostOpen, bench.open]).toEqual([3, 3]);
    bench.answer = idle;
    await bench.clock.advance(60_000);
    expect(bench.open).toBe(1);
  });

  it('adds no poller for partly filled receives or without a free slot', async () => {
    const some = new PollerBench(() => ({ count: 3, afterMs: 100 }), { concurrency: 1000 });
    const full = new PollerBench((max) => ({ count: max, afterMs: 100 }), { concurrency: 10 });
    for (const bench of [some, full]) {
      bench.poller.start();
      await bench.clock.advance(2_000);
      expect(bench.mostOpen).toBe(1);
    }
  });

  it('adds pollers up to maxPollers again after an outage of receives', async () => {
    const bench = new PollerBench((max) => ({ count: max, afterMs: 100 }), { concurrency: 10_000, maxPollers: 4 });
    bench.poller.start();
    await bench.clock.advance(1_000);
    bench.answer = () => ({ error: failure('network') });
    await bench.clock.advance(120_000);
    bench.answer = (max) => ({ count: max, afterMs: 100 });
    bench.mostOpen = 0;
    await bench.clock.advance(40_000);
    expect(bench.mostOpen).toBe(4);
  });

  it('asks without a long poll after a failure while other receives are in a long poll, until one succeeds', async () => {
    const bench = new PollerBench((max) => ({ count: max, afterMs: 100 }), { concurrency: 1000, maxPollers: 3 });
    bench.poller.start();
    await bench.clock.advance(1_000);
    // Of three open receives one fails, and the others stay in a long poll.
    const failsAt = bench.asked.length + 3;
    bench.answer = (_, number) => (number === failsAt ? { error: failure('network') } : idle());
    await bench.clock.advance(3_000);
    const tested = bench.asked.filter(({ options }) => options.waitSeconds === 0);
    expect(tested.length).toBe(1);
    bench.answer = (_, number) => (number % 2 === 0 ? { error: failure('network') } : {});
    await bench.clock.advance(60_000);
    bench.answer = idle;
    await bench.clock.advance(60_000);
    expect(bench.open).toBe(1);
  });

  it.each<[QueueErrorKind, least: number, random: number, mean?: number]>([
    ['network', 50, 1_850, 50 + 1_850 * 0.75],
    ['service', 50, 1_850, 50 + 1_850 * 0.75],
    ['throttled', 50, 28_000],
    ['missing-queue', 6_000, 28_000],
    ['denied', 1_000, 28_000],
    ['credentials', 1_000, 28_000],
    ['invalid', 1_000, 28_000],
    ['over-limit', 5_000, 28_000],
  ])(
    'backs off after failures of kind %s for %d ms plus up to %d ms and never stops polling',
    async (kind, least, random, mean = least + random / 2) => {
      const bench = new PollerBench(() => ({ error: failure(kind) }));
      bench.poller.start();
      await bench.clock.advance(3_600_000);
      const pauses = bench.times.slice(1).map((at, i) => at - bench.times[i]!);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(least + random);
      // Once the backoff is at its longest: never a spin and never an end.
      const wanted = 3_600_000 / mean;
      expect(pauses.length).toBeGreaterThan(wanted * 0.8);
      expect(pauses.length).toBeLessThan(wanted * 1.2);
      expect(bench.slots.available).toBe(0);
      const failures = bench.events.map((event) => (event.type === 'poll-failed' ? event.failures : 0));
      expect(failures.slice(0, 3)).toEqual([1, 2, 3]);
    },
  );

  it('reports poll-recovered with the number of failures at the first successful receive', async () => {
    const bench = new PollerBench((_, number) => (number <= 3 ? { error: failure() } : idle()));
    bench.poller.start();
    await bench.clock.advance(60_000);
    expect(bench.events.map(({ type }) => type).slice(0, 5)).toEqual([
      ...Array<string>(3).fill('poll-failed'),
      'poll-recovered',
      'received',
    ]);
    expect(bench.events[3]).toEqual({ type: 'poll-recovered', queue: 'memory', failures: 3 });
  });

  it('treats any value that a receive throws as a failure and keeps polling', async () => {
    const bench = new PollerBench(idle);
    let thrown = 0;
    bench.queue.receive = async () => {
      throw ['text', undefined, new TypeError('x')][thrown++ % 3];
    };
    bench.poller.start();
    await bench.clock.advance(60_000);
    expect(thrown).toBeGreaterThan(3);
  });

  it.each([20, 1, 0])(
    'limits immediate empty receives to four a second with a wait time of %d s',
    async (waitTimeSeconds) => {
      const bench = new PollerBench(() => ({}), { waitTimeSeconds });
      bench.poller.start();
      await bench.clock.advance(10_000);
      expect(bench.asked.length).toBe(41);
    },
  );
});

describe('stopping a Poller', () => {
  it('accepts the messages of the open receive and starts no other receive after stop', async () => {
    const bench = new PollerBench(() => ({ count: 2, afterMs: 5_000 }));
    bench.poller.start();
    await bench.clock.advance(1_000);
    const stopped = watch(bench.poller.stop());
    await bench.clock.advance(3_999);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(1);
    expect([stopped.state, bench.accepted.length, bench.asked.length, bench.clock.pending]).toEqual([
      'resolved',
      2,
      1,
      0,
    ]);
  });

  it.each<[string, () => Answer]>([
    ['the pause after a failure', () => ({ error: failure('over-limit') })],
    ['the pause after an early answer', () => ({})],
  ])('ends %s when the poller stops', async (_, answer) => {
    const bench = new PollerBench(answer);
    bench.poller.start();
    await bench.clock.advance(0);
    const stopped = watch(bench.poller.stop());
    await bench.clock.advance(0);
    expect([stopped.state, bench.clock.pending, bench.slots.available]).toEqual(['resolved', 0, 10]);
  });

  it('ends the wait for a free slot when the poller stops', async () => {
    const bench = new PollerBench((max) => ({ count: max }), { concurrency: 3 });
    bench.poller.start();
    await bench.clock.advance(0);
    const stopped = watch(bench.poller.stop());
    await bench.clock.advance(0);
    expect([stopped.state, bench.slots.available]).toEqual(['resolved', 0]);
  });

  it('aborts the open receives on cut without reporting a failure', async () => {
    const bench = new PollerBench(idle);
    bench.poller.start();
    await bench.clock.advance(0);
    bench.poller.abort();
    const stopped = watch(bench.poller.stop());
    await bench.clock.advance(0);
    expect([stopped.state, bench.events, bench.slots.available]).toEqual(['resolved', [], 10]);
  });

  it('starts no receive when stop was called before start', async () => {
    const bench = new PollerBench(idle);
    await bench.poller.stop();
    bench.poller.start();
    await bench.clock.advance(60_000);
    expect(bench.asked).toEqual([]);
  });
});
