import { describe, expect, it } from '@jest/globals';
import { WorkerStoppedError } from '../../lib/consume/delivery.js';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, failure, range, takes, type Handler } from './harness.js';

seedRandom();

/** Runs until its signal aborts, and rejects then. */
const untilAborted: Handler = (_, { signal }) =>
  new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('stopping a Consumer', () => {
  it('resolves stop when the open long poll of an idle consumer ends', async () => {
    const bench = new Bench();
    await bench.start(5_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(14_999);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(1);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('waits for running handlers and deletes their messages before stop resolves', async () => {
    const bench = new Bench(takes(10_000), { waitTimeSeconds: 1 });
    await bench.send(range(5));
    await bench.start(1_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(8_999);
    expect([stopped.state, bench.left]).toEqual(['pending', 5]);
    await bench.clock.advance(100);
    expect([stopped.state, bench.left, bench.clock.pending]).toEqual(['resolved', 0, 0]);
    expect(bench.outcomes).toEqual(Array<string>(5).fill('ack'));
  });

  it('releases messages that wait behind another message of their group when the consumer stops', async () => {
    const bench = new Bench(takes(10_000), { queue: { fifo: true }, waitTimeSeconds: 1 });
    await bench.send(range(6), { groupId: 'g' });
    await bench.start(2_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(10);
    expect(bench.queue.depth()).toMatchObject({ visible: 5, inFlight: 1 });
    await bench.clock.advance(10_000);
    expect([stopped.state, bench.handled, bench.left, bench.clock.pending]).toEqual(['resolved', [1], 5, 0]);
    expect(bench.outcomes.sort()).toEqual(['ack', ...Array<string>(5).fill('released')]);
  });

  it('aborts running handlers after drainTimeoutMs and leaves their messages in the queue', async () => {
    const bench = new Bench(takes(10_000_000), { drainTimeoutMs: 5_000, waitTimeSeconds: 1 });
    await bench.send([1, 2]);
    await bench.start(2_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(4_999);
    const { signal } = bench.runs[0]!.delivery;
    expect([stopped.state, signal.aborted]).toEqual(['pending', false]);
    await bench.clock.advance(1);
    expect(signal.reason).toBeInstanceOf(WorkerStoppedError);
    await bench.clock.advance(500);
    expect([stopped.state, bench.outcomes, bench.left]).toEqual(['resolved', [], 2]);
    // Only the two handlers' own sleeps are left: nothing renews the leases any more.
    expect(bench.clock.pending).toBe(2);
    await bench.clock.advance(30_000);
    expect(bench.queue.depth().visible).toBe(2);
  });

  it('does not wait for a hanging lease renewal when the consumer stops', async () => {
    const bench = new Bench(takes(10_000_000), {
      drainTimeoutMs: 1_000,
      waitTimeSeconds: 1,
      visibilityTimeoutSeconds: 4,
    });
    let renewals = 0;
    bench.queue.extend = () => {
      renewals += 1;
      return new Promise(() => undefined);
    };
    await bench.send([1]);
    await bench.start(2_500);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(1_500);
    expect([stopped.state, renewals]).toEqual(['resolved', 1]);
    // Only the handler's own sleep is left.
    expect(bench.clock.pending).toBe(1);
  });

  it('settles the messages of handlers that reject when stop aborts their signal', async () => {
    const bench = new Bench(untilAborted, { drainTimeoutMs: 5_000, waitTimeSeconds: 1 });
    await bench.send([1, 2]);
    await bench.start(2_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(5_010);
    expect([stopped.state, bench.outcomes]).toEqual(['resolved', ['retry', 'retry']]);
    expect([bench.queue.depth().visible, bench.clock.pending]).toEqual([2, 0]);
  });

  it('aborts an open long poll when drainTimeoutMs ends', async () => {
    const bench = new Bench(undefined, { drainTimeoutMs: 3_000 });
    await bench.start(1_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(3_000);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('waits for retried acknowledgments before stop resolves', async () => {
    const bench = new Bench(undefined, { waitTimeSeconds: 1 });
    bench.queue.fail('acknowledge', 3);
    await bench.send([1]);
    await bench.start(0);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(5_000);
    expect([stopped.state, bench.left, bench.clock.pending]).toEqual(['resolved', 0, 0]);
  });

  it('ends the pause after a failed receive when the consumer stops', async () => {
    const bench = new Bench();
    bench.queue.fail('receive', () => failure('over-limit'));
    await bench.start(100);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(0);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('stops once when stop is called several times', async () => {
    const bench = new Bench(takes(1_000), { waitTimeSeconds: 0 });
    await bench.send([1]);
    await bench.start(10);
    const stops = range(10).map(() => bench.consumer.stop());
    expect(new Set(stops).size).toBe(1);
    await bench.clock.advance(2_000);
    await Promise.all(stops);
    expect(bench.consumer.stop()).toBe(stops[0]);
    expect([bench.outcomes, bench.clock.pending]).toEqual([['ack'], 0]);
  });

  it('starts nothing when stop was called before start', async () => {
    const bench = new Bench();
    await bench.consumer.stop();
    await bench.send([1]);
    await bench.start(60_000);
    expect([bench.handled, bench.left, bench.clock.pending]).toEqual([[], 1, 0]);
  });

  it('loses no message when the consumer stops under load', async () => {
    const bench = new Bench(takes(300), { concurrency: 20, maxPollers: 4, waitTimeSeconds: 1 });
    await bench.send(range(200));
    await bench.start(1_000);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_000);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
    expect(new Set(bench.handled).size).toBe(bench.handled.length);
    expect(bench.left).toBe(200 - bench.handled.length);
    expect(bench.queue.depth()).toMatchObject({ inFlight: 0, visible: bench.left });
  });
});
