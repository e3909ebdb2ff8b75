import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { resolveConsumeOptions } from '../../../../lib/consume/consume-options.js';
import { Consumer } from '../../../../lib/consume/consumer.js';
import type { TransportEvent } from '../../../../lib/diagnostics/transport-event.js';
import { type Clock, sleep } from '../../../../lib/queue/clock.js';
import { body, codec } from '../../../consume/harness.js';
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

describe('a worker that receives a slow body', () => {
  it.each([0, 0.5, 0.999])(
    'retries the slow body, keeps the leases of the other messages and loses nothing: jitter %d',
    async (random) => {
      jest.spyOn(Math, 'random').mockReturnValue(random);
      const { s3, large, queue } = slowBench({ clock: FAKED });
      await large.send([{ body: body(1) }]);
      await queue.send(Array.from({ length: 9 }, (_, at) => ({ body: body(at + 2) })));
      const events: TransportEvent[] = [];
      const handled: unknown[] = [];
      const consumer = new Consumer({
        queue: large,
        codec,
        clock: FAKED,
        report: (event) => void events.push(event),
        // A handler outlasts the lease, which is counted from the receive.
        dispatch: async ({ args }) => {
          await sleep(FAKED, 40_000);
          handled.push(args.n);
        },
        classifyError: () => ({ type: 'reject', detail: 'no handler fails here' }),
        poisonPolicy: { type: 'drop' },
        options: resolveConsumeOptions({ retry: { baseSeconds: 1, maxReceives: 1 }, visibilityTimeoutSeconds: 30 }),
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
