import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Settler } from '../../lib/consume/settler.js';
import { createMemoryQueue } from '../../lib/testing/index.js';
import { watch } from '../queue/harness.js';
import { Bench, range, takes } from './harness.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Creates a custom queue that fails where no queue should fail. */
function broken(): ReturnType<typeof createMemoryQueue> {
  const queue = createMemoryQueue({ name: 'dead' });
  Object.defineProperty(queue, 'limits', {
    get: () => {
      throw new Error('a defect');
    },
  });
  return queue;
}

describe('a defect in the settlement of a delivery', () => {
  it('reports a defect in a settlement, frees the concurrency slot and keeps the message in the queue', async () => {
    const bench = new Bench(takes(100), {
      classifyError: () => ({ type: 'reject', detail: 'never' }),
      poisonPolicy: { type: 'dead-letter', deadLetters: broken(), max: 3 },
      concurrency: 1,
      waitTimeSeconds: 1,
    });
    await bench.queue.send([{ body: 'not base64 !' }]);
    await bench.send(range(3));
    await bench.start(10_000);
    expect(bench.handled).toEqual([1, 2, 3]);
    expect(bench.of('settle-failed')).toMatchObject([{ queue: 'memory', error: { message: 'a defect' } }]);
    await bench.clock.advance(25_000);
    expect(bench.of('settle-failed').length).toBeGreaterThan(1);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_000);
    expect([stopped.state, bench.left, bench.clock.pending]).toEqual(['resolved', 1, 0]);
  });

  it('reports a defect in the release of a waiting message', async () => {
    const settler = Settler.prototype as unknown as { putBack(): Promise<void> };
    jest.spyOn(settler, 'putBack').mockRejectedValue(new Error('a defect'));
    const bench = new Bench(takes(1_000), { queue: { fifo: true }, waitTimeSeconds: 1 });
    await bench.send(range(3), { groupId: 'g' });
    await bench.start(100);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(5_000);
    expect([stopped.state, bench.handled, bench.left, bench.clock.pending]).toEqual(['resolved', [1], 2, 0]);
    expect(bench.of('settle-failed').map(({ outcome }) => outcome)).toEqual(['released', 'released']);
  });
});
