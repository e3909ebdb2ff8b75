import { describe, expect, it } from '@jest/globals';
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
