import { describe, expect, it } from '@jest/globals';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, body, range, takes, type Handler } from './harness.js';

seedRandom();

const MINUTE = 60_000;
const hangs: Handler = () => new Promise(() => undefined);

describe('a call that does not end', () => {
  it('is reported after three minutes, once for each delivery, with its method and message', async () => {
    const bench = new Bench(hangs, { concurrency: 10 });
    await bench.send(range(10));
    await bench.start(3 * MINUTE - 1);
    expect(bench.of('slow-call')).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.of('slow-call')).toEqual(
      bench.runs.map(({ delivery }) => ({
        type: 'slow-call',
        queue: 'memory',
        method: 'run',
        messageId: delivery.message.id,
        forMs: 3 * MINUTE,
      })),
    );
    await bench.clock.advance(60 * MINUTE);
    expect(bench.of('slow-call')).toHaveLength(10);
  });

  it('is reported at its own time, beside calls that end', async () => {
    const bench = new Bench(
      (n, delivery, clock) => (n % 2 ? hangs(n, delivery, clock) : takes(50)(n, delivery, clock)),
      {
        concurrency: 20,
        slowCallMs: 10_000,
      },
    );
    await bench.start();
    for (const n of range(20)) {
      await bench.send([n]);
      await bench.clock.advance(700);
    }
    await bench.clock.advance(20_000);
    const hanging = bench.runs.filter(({ n }) => n % 2);
    expect(bench.of('slow-call').map((event) => [event.messageId, bench.times.get(event)])).toEqual(
      hanging.map(({ delivery, startedAt }) => [delivery.message.id, startedAt + 10_000]),
    );
  });

  it('is reported by itself if other calls of its body ended', async () => {
    const bench = new Bench((n, delivery, clock) => (n === 2 ? hangs(n, delivery, clock) : undefined));
    await bench.queue.send([{ body: body(1, 2, 3) }]);
    await bench.start(10 * MINUTE);
    expect(bench.of('slow-call')).toHaveLength(1);
  });

  it('is not reported if it waits for a slot, or if handlerTimeoutMs ends it', async () => {
    const waiting = new Bench(takes(2 * MINUTE), { concurrency: 1 });
    await waiting.queue.send([{ body: body(1, 2, 3) }]);
    await waiting.start(10 * MINUTE);
    const timed = new Bench(hangs, { handlerTimeoutMs: 10 * MINUTE });
    await timed.send([1]);
    await timed.start(9 * MINUTE);
    expect([waiting.of('slow-call'), waiting.outcomes, timed.of('slow-call')]).toEqual([[], ['ack'], []]);
  });

  it('is reported within handlerTimeoutMs if slowCallMs says so', async () => {
    const bench = new Bench(hangs, { handlerTimeoutMs: 10 * MINUTE, slowCallMs: MINUTE });
    await bench.send([1]);
    await bench.start(9 * MINUTE);
    expect(bench.of('slow-call')).toHaveLength(1);
  });

  it('leaves no timer behind, whether it ends or the worker stops', async () => {
    const ended = new Bench(takes(MINUTE), { waitTimeSeconds: 1 });
    await ended.send([1, 2]);
    await ended.start(2 * MINUTE);
    const stops = [watch(ended.consumer.stop())];
    await ended.clock.advance(2_000);
    const hanging = new Bench(hangs, { waitTimeSeconds: 1, drainTimeoutMs: 1_000 });
    await hanging.send([1, 2]);
    await hanging.start(1_000);
    stops.push(watch(hanging.consumer.stop()));
    await hanging.clock.advance(2_000);
    expect([stops.map(({ state }) => state), ended.clock.pending, hanging.clock.pending]).toEqual([
      ['resolved', 'resolved'],
      0,
      0,
    ]);
  });

  it.each([0, 999, 43_200_001, NaN])('is refused a slowCallMs of %d', (slowCallMs) => {
    expect(() => new Bench(hangs, { slowCallMs })).toThrow(RangeError);
  });
});
