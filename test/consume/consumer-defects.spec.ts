import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Settler } from '../../lib/consume/settler.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { watch } from '../queue/harness.js';
import { Bench, body, range, takes } from './harness.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Adds an element to each of the next receives, which is no message. */
function spoil(bench: Bench, receives: number): void {
  const receive = bench.queue.receive.bind(bench.queue);
  let left = receives;
  bench.queue.receive = async (options) => {
    const messages = await receive({ ...options, max: Math.max(1, options.max - 1), waitSeconds: 0 });
    return left-- > 0 ? ([null, ...messages].slice(0, options.max) as never) : messages;
  };
}

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

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['a failure without an error', [{ ok: false }]],
  ])('frees the slot of a message whose acknowledgement is answered with %s', async (_, answer) => {
    const bench = new Bench(takes(100), { concurrency: 1, waitTimeSeconds: 1 });
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = async (messages) => {
      await acknowledge(messages);
      return answer as never;
    };
    await bench.send(range(3));
    await bench.start(120_000);
    expect([bench.handled, bench.left]).toEqual([range(3), 0]);
    expect(bench.of('settle-failed').map(({ outcome, verb }) => [outcome, verb])).toEqual(
      range(3).map(() => ['ack', 'acknowledge']),
    );
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(2_000);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
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

describe('a receive with an element that is no message', () => {
  it('frees the slot of the element, reports the defect and continues', async () => {
    const bench = new Bench(takes(100), { concurrency: 1, waitTimeSeconds: 1 });
    spoil(bench, 3);
    await bench.start(60_000);
    await bench.send(range(4));
    await bench.clock.advance(10_000);
    expect([bench.handled, bench.of('poll-failed').length]).toEqual([range(4), 3]);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(5_000);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('handles the messages beside the element at their first delivery', async () => {
    const bench = new Bench(takes(100), { concurrency: 10, waitTimeSeconds: 1 });
    await bench.queue.send(range(4).map((n) => ({ body: body(n) })));
    spoil(bench, 1);
    await bench.start(10_000);
    expect([bench.handled, bench.outcomes, bench.left]).toEqual([range(4), Array<string>(4).fill('ack'), 0]);
    expect(bench.runs.map(({ delivery }) => delivery.message.receiveCount)).toEqual([1, 1, 1, 1]);
  });
});
