import { describe, expect, it } from '@jest/globals';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, range, takes, type Handler } from './harness.js';

seedRandom();

const MINUTE = 60_000;
const hangs: Handler = () => new Promise(() => undefined);

describe('a worker whose handlers occupy every concurrency slot', () => {
  it('reports a stall every five minutes, once however many pollers wait for a slot', async () => {
    const bench = new Bench(hangs, { concurrency: 35 });
    await bench.send(range(100));
    await bench.start(5 * MINUTE - 1);
    expect([bench.runs.length, bench.of('stalled')]).toEqual([35, []]);
    await bench.clock.advance(1);
    const told = { type: 'stalled', queue: 'memory', forMs: 5 * MINUTE };
    expect(bench.of('stalled')).toEqual([told]);
    await bench.clock.advance(5 * MINUTE);
    expect(bench.of('stalled')).toEqual([told, { ...told, forMs: 10 * MINUTE }]);
  });

  it('restarts the five minutes of the stall detector when a slot becomes free', async () => {
    let end = (): void => undefined;
    const bench = new Bench((n) => new Promise((resolve) => n === 1 && (end = resolve)), { concurrency: 3 });
    await bench.send(range(10));
    await bench.start(4 * MINUTE);
    end();
    await bench.clock.advance(5 * MINUTE - 1);
    expect(bench.of('stalled')).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.of('stalled')).toHaveLength(1);
  });

  it('reports no stall while handlers run within handlerTimeoutMs', async () => {
    const bench = new Bench(hangs, { concurrency: 1, handlerTimeoutMs: 30 * MINUTE });
    await bench.send(range(3));
    await bench.start(59 * MINUTE);
    expect([bench.of('stalled'), bench.runs.length]).toEqual([[], 2]);
  });

  it('stops a stalled worker within drainTimeoutMs and leaves no timer', async () => {
    const bench = new Bench(hangs, { concurrency: 2, drainTimeoutMs: 1_000 });
    await bench.send(range(10));
    await bench.start(6 * MINUTE);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(1_500);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });
});

describe('a worker that is not stalled', () => {
  it('reports no stall while the queue is empty', async () => {
    const bench = new Bench();
    await bench.start(20 * MINUTE);
    expect(bench.of('stalled')).toEqual([]);
  });

  it('reports no stall while busy handlers keep ending', async () => {
    const bench = new Bench(takes(4 * MINUTE), { concurrency: 3 });
    await bench.send(range(20));
    await bench.start(20 * MINUTE);
    expect(bench.of('stalled')).toEqual([]);
  });

  it('reports no stall while a slot is free beside a hanging handler', async () => {
    const bench = new Bench(hangs, { concurrency: 2 });
    await bench.send([1]);
    await bench.start(20 * MINUTE);
    expect(bench.of('stalled')).toEqual([]);
  });
});
