import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { resolveConsumeOptions } from '../../../../lib/consume/consume-options.js';
import { Consumer } from '../../../../lib/consume/consumer.js';
import type { TransportEvent } from '../../../../lib/diagnostics/transport-event.js';
import { type Clock, sleep } from '../../../../lib/queue/clock.js';
import type { Queue } from '../../../../lib/queue/queue.js';
import { body, codec, range } from '../../../consume/harness.js';
import { slowBench } from './slow-s3.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** A clock that follows the fake timers. */
const FAKED: Clock = {
  now: () => Date.now(),
  setTimer(callback, ms) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A worker with the default lease of 30 s. */
function worker(queue: Queue, events: TransportEvent[], handle: (n: unknown) => Promise<void>): Consumer {
  return new Consumer({
    queue,
    codec,
    clock: FAKED,
    report: (event) => void events.push(event),
    dispatcher: { dispatch: ({ args }) => handle(args.n) },
    classifyError: () => ({ type: 'reject', detail: 'no handler fails here' }),
    poisonPolicy: { type: 'drop' },
    options: resolveConsumeOptions({ retry: { baseSeconds: 1, maxReceives: 1 } }),
  });
}

describe('a worker that receives a slow body', () => {
  it('holds the other messages of the receive back for 12 s, and never receives the body', async () => {
    const { large, queue } = slowBench({ clock: FAKED });
    await large.send([{ body: body(1) }]);
    await queue.send(range(9, 2).map((n) => ({ body: body(n) })));
    const events: TransportEvent[] = [];
    const handled: unknown[] = [];
    const consumer = worker(large, events, async (n) => void handled.push(n));
    consumer.start();
    await jest.advanceTimersByTimeAsync(11_999);
    expect(handled).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(handled).toEqual(range(9, 2));
    await jest.advanceTimersByTimeAsync(600_000);
    const outcomes = events.flatMap((event) => (event.type === 'settled' ? event.outcome : []));
    expect(outcomes.filter((outcome) => outcome === 'ack')).toHaveLength(9);
    expect(outcomes.filter((outcome) => outcome === 'retry').length).toBeGreaterThan(5);
    expect([handled.length, queue.messages().length]).toEqual([9, 1]);
    const stopping = consumer.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    await stopping;
    await large.close();
  });

  it.each([0, 0.5, 0.999])(
    'retries the slow body, keeps the leases of the other messages and loses nothing: jitter %d',
    async (random) => {
      jest.spyOn(Math, 'random').mockReturnValue(random);
      const { s3, large, queue } = slowBench({ clock: FAKED });
      await large.send([{ body: body(1) }]);
      await queue.send(Array.from({ length: 9 }, (_, at) => ({ body: body(at + 2) })));
      const events: TransportEvent[] = [];
      const handled: unknown[] = [];
      // A handler outlasts the lease, which is counted from the receive.
      const consumer = worker(large, events, async (n) => {
        await sleep(FAKED, 40_000);
        handled.push(n);
      });
      consumer.start();
      await jest.advanceTimersByTimeAsync(16_000);
      const settled = events.filter((event) => event.type === 'settled');
      expect(settled).toMatchObject([{ outcome: 'retry', receiveCount: 1, error: { code: 'NoAnswer' } }]);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(handled).toEqual(Array.from({ length: 9 }, (_, at) => at + 2));
      s3.slow = false;
      await jest.advanceTimersByTimeAsync(120_000);
      expect(handled.slice(9)).toEqual([1]);
      expect(queue.messages()).toEqual([]);
      const outcomes = new Set(events.map((event) => (event.type === 'settled' ? event.outcome : event.type)));
      expect([...outcomes].sort()).toEqual(['ack', 'received', 'retry']);
      const stopping = consumer.stop();
      await jest.advanceTimersByTimeAsync(30_000);
      await stopping;
      await large.close();
    },
  );
});
