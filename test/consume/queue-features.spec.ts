import { describe, expect, it } from '@jest/globals';
import type { LeaseExtension, Queue } from '../../lib/queue/queue.js';
import { watch } from '../queue/harness.js';
import { Bench, body, takes, type BenchOptions, type Handler } from './harness.js';

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

describe('a worker on a carrier without leases', () => {
  const longHandler = (options: BenchOptions = {}): Bench =>
    new Bench(takes(100_000), { visibilityTimeoutSeconds: 43_200, ...options });

  it('renews no lease and acknowledges after a handler of any length', async () => {
    const bench = longHandler({ features: { leases: false }, visibilityTimeoutSeconds: 10 });
    // The queue in memory has leases, so this one is as long as it can be.
    const receive = bench.queue.receive.bind(bench.queue);
    bench.queue.receive = (options) => receive({ ...options, visibilityTimeoutSeconds: 43_200 });
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(150_000);
    expect([bench.outcomes, bench.left, extensions, bench.of('lease-lost')]).toEqual([['ack'], 0, [], []]);
  });

  it('resolves when a handler extends its lease, and sends no request', async () => {
    const extend: Handler = (_, { lease }) => lease.extend(60);
    const bench = new Bench(extend, { features: { leases: false } });
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(100_000);
    expect([bench.outcomes, extensions]).toEqual([['ack'], []]);
  });

  it('renews the lease where the carrier has leases', async () => {
    const bench = longHandler({ visibilityTimeoutSeconds: 10 });
    const extensions = noteExtensions(bench.queue);
    await bench.send([1]);
    await bench.start(150_000);
    expect([bench.outcomes, extensions.length > 5]).toEqual([['ack'], true]);
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
