import { describe, expect, it } from '@jest/globals';
import type { LeaseExtension, Queue, ReceiveOptions } from '../../lib/queue/queue.js';
import { watch } from '../queue/harness.js';
import { Bench, body, range, takes, type BenchOptions, type Handler } from './harness.js';

/** Notes the requests that extend a lease. */
function noteExtensions(queue: Queue): LeaseExtension[] {
  const noted: LeaseExtension[] = [];
  const extend = queue.extend.bind(queue);
  queue.extend = (extensions) => {
    noted.push(...extensions);
    return extend(extensions);
  };
  return noted;
}

/** Limits of a lease in seconds. Without leases a carrier ignores the limit, and may report any. */
const LIMITS = [43_200, 30, 0];

/** A worker on a queue that reports no leases. */
function withoutLeases(leaseSeconds: number, handler: Handler, options: BenchOptions = {}): Bench {
  const bench = new Bench(handler, { ...options, features: { leases: false } });
  Object.assign(bench.queue, { limits: { ...bench.queue.limits, leaseSeconds } });
  return bench;
}

describe('a worker on a carrier without leases', () => {
  it.each(LIMITS)('renews no lease and acknowledges after a handler of any length: limit %d s', async (limit) => {
    const bench = withoutLeases(limit, takes(100_000), { visibilityTimeoutSeconds: 10 });
    // The queue in memory has leases, so this one is as long as it can be.
    const receive = bench.queue.receive.bind(bench.queue);
    bench.queue.receive = (options) => receive({ ...options, visibilityTimeoutSeconds: 43_200 });
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(150_000);
    expect([bench.outcomes, bench.left, extensions, bench.of('lease-lost')]).toEqual([['ack'], 0, [], []]);
  });

  it.each(LIMITS)('resolves when a handler extends its lease, and sends no request: limit %d s', async (limit) => {
    const extend: Handler = (_, { lease }) => lease.extend(60);
    const bench = withoutLeases(limit, extend);
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(100_000);
    expect([bench.outcomes, extensions]).toEqual([['ack'], []]);
  });

  it.each(LIMITS)('puts a failed message back for the whole delay of its retry policy: limit %d s', async (limit) => {
    let failures = 1;
    const failOnce: Handler = () => {
      if (failures-- > 0) throw new Error('no');
    };
    const bench = withoutLeases(limit, failOnce, { retry: { baseSeconds: 60, jitter: 0 } });
    await bench.send([1]);
    await bench.start(59_000);
    expect([bench.handled, bench.settled]).toMatchObject([[1], [{ outcome: 'retry', delaySeconds: 60 }]]);
    await bench.clock.advance(2_000);
    expect([bench.handled, bench.outcomes]).toEqual([
      [1, 1],
      ['retry', 'ack'],
    ]);
  });

  it('refuses an extension by more than twelve hours', async () => {
    const extend: Handler = (_, { lease }) => lease.extend(43_201);
    const bench = withoutLeases(0, extend, { retry: { baseSeconds: 60, jitter: 0 } });
    await bench.send([1]);
    await bench.start(1_000);
    expect(bench.settled).toMatchObject([{ outcome: 'retry', error: expect.any(RangeError) as unknown }]);
  });

  it('renews the lease where the carrier has leases', async () => {
    const bench = new Bench(takes(100_000), { visibilityTimeoutSeconds: 10 });
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(150_000);
    expect([bench.outcomes, extensions.length > 5]).toEqual([['ack'], true]);
  });
});

describe('a worker on a carrier without long polls', () => {
  it('receives about four times a second while the queue is empty, and asks for no wait', async () => {
    const bench = new Bench(undefined, { features: { longPolling: false, abortableReceive: false } });
    const asked: ReceiveOptions[] = [];
    const receive = bench.queue.receive.bind(bench.queue);
    bench.queue.receive = (options) => {
      asked.push(options);
      return receive(options);
    };
    await bench.start(10_000);
    expect([asked.length, new Set(asked.map(({ waitSeconds }) => waitSeconds))]).toEqual([41, new Set([0])]);
    await bench.send([1]);
    await bench.clock.advance(250);
    expect(bench.outcomes).toEqual(['ack']);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(250);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('receives again at once while messages arrive', async () => {
    const bench = new Bench(takes(10), { features: { longPolling: false }, concurrency: 1 });
    await bench.send(range(20));
    await bench.start(210);
    expect(bench.handled).toEqual(range(20));
  });
});

describe('a worker that stops while a receive is open', () => {
  it.each([
    ['aborts the receive at once where that loses nothing', true, 0],
    ['waits for the receive where an abort could hide messages', false, 20_000],
  ])('%s', async (_, abortableReceive, ms) => {
    const bench = new Bench(undefined, { features: { abortableReceive } });
    await bench.start(0);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(0);
    expect(stopped.state).toBe(ms === 0 ? 'resolved' : 'pending');
    await bench.clock.advance(ms);
    expect([stopped.state, bench.of('poll-failed'), bench.clock.pending]).toEqual(['resolved', [], 0]);
  });

  it('still finishes its running handlers after it aborted the receive', async () => {
    const bench = new Bench(takes(5_000), { features: { abortableReceive: true } });
    await bench.send([1]);
    await bench.start(1_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(3_000);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(2_000);
    expect([stopped.state, bench.outcomes, bench.left]).toEqual(['resolved', ['ack'], 0]);
  });
});

describe('a worker on a receiver without a sending end', () => {
  it('retries a body with a failed call as a whole', async () => {
    let failures = 1;
    const failOnce: Handler = (n) => {
      if (n === 2 && failures-- > 0) throw new Error('no');
    };
    const bench = new Bench(failOnce, { features: { resend: false } });
    const { queue } = bench;
    await queue.send([{ body: body(1, 2) }]);
    queue.send = () => Promise.reject(new Error('a receiver cannot send'));
    await bench.start(60_000);
    expect([bench.handled, bench.outcomes]).toEqual([
      [1, 2, 1, 2],
      ['retry', 'ack'],
    ]);
  });
});
