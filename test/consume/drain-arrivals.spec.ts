import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { seedRandom, watch } from '../queue/harness.js';
import { Fleet, type FleetHandler, type FleetOptions } from './fleet/fleet.js';
import { Bench, body, range, takes } from './harness.js';

seedRandom();

const takesMs =
  (ms: number): FleetHandler =>
  (_, __, clock) =>
    sleep(clock, ms);

/** Starts a worker, stops it, and sends messages so long after the stop. */
async function sendAfterStop(ms: number, numbers: readonly number[], options: Partial<FleetOptions>, handlerMs = 500) {
  const fleet = new Fleet(takesMs(handlerMs), { workers: 1, ...options });
  fleet.start();
  await fleet.advance(100);
  const stopped = watch(fleet.workers[0]!.consumer.stop());
  await fleet.advance(ms);
  await fleet.queue.send(numbers.map((n) => ({ body: body(n), ...(options.fifo && { groupId: 'g' }) })));
  return { fleet, stopped };
}

describe('messages that arrive on an open long poll after the stop of a worker', () => {
  const cases = [false, true].flatMap((fifo) =>
    [1, 2, 3, undefined].flatMap((maxReceiveCount) =>
      [0, 1_000, 10_000, 19_000].map((ms) => ({ fifo, maxReceiveCount, ms })),
    ),
  );

  it.each(cases)('are handled while drain time is left: %o', async ({ ms, fifo, maxReceiveCount }) => {
    const queue = { fifo, ...(maxReceiveCount !== undefined && { maxReceiveCount }) };
    const { fleet, stopped } = await sendAfterStop(ms, range(3), queue);
    await fleet.advance(5_000);
    expect(fleet.runs.map(({ n }) => n)).toEqual(range(3));
    expect([stopped.state, fleet.isEmpty, fleet.dead.messages()]).toEqual(['resolved', true, []]);
    expect(fleet.of('settled').map(({ outcome }) => outcome)).toEqual(['ack', 'ack', 'ack']);
  });

  it('come back when the drain time ends first', async () => {
    const { fleet, stopped } = await sendAfterStop(3_000, [1, 2], { fifo: true, drainTimeoutMs: 5_000 }, 60_000);
    await fleet.advance(2_000 + 500);
    expect([stopped.state, fleet.runs.length]).toEqual(['resolved', 1]);
    await fleet.advance(60_000);
    expect(fleet.queue.depth()).toMatchObject({ visible: 2, inFlight: 0 });
  });

  it('are handled by one of the workers of a rolling restart, however few receives they have', async () => {
    for (const maxReceiveCount of [1, 2, 3]) {
      const fleet = new Fleet(takesMs(2_000), { workers: 1, maxReceiveCount });
      fleet.start();
      const sent = range(40);
      for (const n of sent) {
        await fleet.advance(1_000);
        await fleet.send([n]);
        if (n % 4 > 0) continue;
        void fleet.workers.at(-1)!.consumer.stop();
        fleet.add().consumer.start();
      }
      await fleet.advance(60_000);
      expect(fleet.runs.map(({ n }) => n).sort((a, b) => a - b)).toEqual(sent);
      expect([fleet.isEmpty, fleet.dead.messages()]).toEqual([true, []]);
    }
  });
});

describe('messages that wait behind another message of their group when the worker stops', () => {
  /** Stops a worker in the first of six messages, whose receive is number `receiveCount`. */
  async function stopInGroup(maxReceiveCount: number, receiveCount: number): Promise<Fleet> {
    const fleet = new Fleet(takesMs(1_000), { workers: 0, fifo: true, maxReceiveCount });
    await fleet.send(range(6), { groupId: 'g' });
    for (let count = 1; count < receiveCount; count += 1) {
      await fleet.queue.receive({ max: 6, waitSeconds: 0, visibilityTimeoutSeconds: 1 });
      await fleet.advance(1_000);
    }
    const { consumer } = fleet.add();
    consumer.start();
    await fleet.advance(500);
    const stopped = watch(consumer.stop());
    await fleet.advance(25_000);
    expect(stopped.state).toBe('resolved');
    return fleet;
  }

  it.each([
    [1, 1],
    [3, 3],
    [10, 10],
  ])('are handled in order if a release would use up their receives: limit %d, receive %d', async (limit, receive) => {
    const fleet = await stopInGroup(limit, receive);
    expect(fleet.runs.map(({ n }) => n)).toEqual(range(6));
    expect([fleet.isEmpty, fleet.dead.messages()]).toEqual([true, []]);
  });

  it.each([
    [3, 2],
    [10, 1],
  ])('are released for other workers otherwise: limit %d, receive %d', async (limit, receive) => {
    const fleet = await stopInGroup(limit, receive);
    const released = fleet.of('settled').filter(({ outcome }) => outcome === 'released');
    expect([released.length, fleet.dead.messages()]).toEqual([5, []]);
    // Some of them may come back on a receive of this worker that is still open.
    expect(fleet.runs.map(({ n }) => n)).toEqual(range(6 - fleet.queue.depth().visible));
  });

  it('are handled if the redrive policy of the queue is not known', async () => {
    const bench = new Bench(takes(1_000), { queue: { fifo: true }, waitTimeSeconds: 1 });
    Object.assign(bench.queue, { redrive: 'unknown' });
    await bench.send(range(4), { groupId: 'g' });
    await bench.start(500);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(10_000);
    expect([stopped.state, bench.handled, bench.left]).toEqual(['resolved', range(4), 0]);
  });
});
