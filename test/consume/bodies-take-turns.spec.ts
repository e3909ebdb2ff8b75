import { describe, expect, it } from '@jest/globals';
import { sleep } from '#lib/queue/clock.js';
import { Bench, body, range, takes } from './harness.js';

const LARGE = range(1_000);

describe('a message behind a body of 1 000 calls', () => {
  it.each([
    [2, 20, 20],
    [10, 1_000, 1_000],
    [10, 5, 10],
  ])('with %d slots and calls of %d ms waits at most %d ms for its slot', async (concurrency, callMs, atMost) => {
    const bench = new Bench(takes(callMs), { concurrency });
    await bench.queue.send([{ body: body(...LARGE) }]);
    await bench.start(100);
    const sentAt = bench.clock.now();
    await bench.send([-1]);
    await bench.clock.advance(5_000);
    const run = bench.runs.find(({ n }) => n === -1)!;
    expect(run.startedAt - sentAt).toBeLessThanOrEqual(atMost);
  });

  it.each([
    [1, 5],
    [2, 10],
    [10, 10],
    [10, 50],
  ])('with %d slots waits at most a second behind %d such bodies', async (concurrency, bodies) => {
    const bench = new Bench(takes(20), { concurrency });
    for (const _ of range(bodies)) await bench.queue.send([{ body: body(...LARGE) }]);
    await bench.start(2_000);
    const sentAt = bench.clock.now();
    await bench.send([-1, -2, -3]);
    await bench.clock.advance(1_000);
    const waited = bench.runs.filter(({ n }) => n < 0).map(({ startedAt }) => startedAt - sentAt);
    expect(waited).toHaveLength(3);
    expect(Math.max(...waited)).toBeLessThanOrEqual(1_000);
  });

  it('waits at most three calls of bodies whose calls are slow', async () => {
    const bench = new Bench((n, _, clock) => sleep(clock, n < 0 ? 1 : 200), { concurrency: 2 });
    await bench.queue.send(range(4).map(() => ({ body: body(...range(100)) })));
    await bench.start(5_000);
    const sentAt = bench.clock.now();
    await bench.send([-1]);
    await bench.clock.advance(3_000);
    expect(bench.runs.find(({ n }) => n === -1)!.startedAt - sentAt).toBeLessThanOrEqual(600);
  });

  it('is handled while every other call still waits, and no call is lost', async () => {
    const bench = new Bench(takes(10), { concurrency: 2 });
    await bench.queue.send([{ body: body(...LARGE) }]);
    await bench.send([-1, -2, -3]);
    await bench.start(120);
    expect(bench.handled.filter((n) => n < 0)).toEqual([-1, -2, -3]);
    await bench.clock.advance(60_000);
    expect([...bench.handled].sort((a, b) => a - b)).toEqual([-3, -2, -1, ...LARGE]);
    expect([bench.left, bench.outcomes]).toEqual([0, ['ack', 'ack', 'ack', 'ack']]);
  });
});

describe('the rate of messages whose handlers take 20 ms', () => {
  const GOOD = range(500).map((n) => -1 - n);

  /** Time in ms until all good messages are handled, beside a body of calls with as much work. */
  async function goodTime(concurrency: number, calls: number): Promise<number> {
    const bench = new Bench(takes(20), { concurrency });
    if (calls > 0) await bench.queue.send([{ body: body(...range(calls)) }]);
    await bench.send(GOOD);
    await bench.start();
    const rest = new Set(GOOD);
    while (rest.size > 0) {
      await bench.clock.advance(500);
      for (const { n, endedAt } of bench.runs) if (endedAt < Infinity) rest.delete(n);
    }
    return Math.max(...bench.runs.filter(({ n }) => n < 0).map(({ endedAt }) => endedAt));
  }

  it.each([1, 2, 3, 10])('with %d slots at most halves beside a body of 2 500 such calls', async (concurrency) => {
    const [alone, beside] = [await goodTime(concurrency, 0), await goodTime(concurrency, 2_500)];
    expect(beside / alone).toBeLessThanOrEqual(2.05);
  });
});
