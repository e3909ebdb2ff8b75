import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue, type MemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { type ConsumeOptions, resolveConsumeOptions } from '../../lib/consume/consume-options.js';
import { Consumer } from '../../lib/consume/consumer.js';
import { sleep } from '../../lib/queue/clock.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { body, codec } from './harness.js';

/** Counts what a queue with so much latency was asked for, and the messages that a worker has in hand. */
class SlowQueue {
  receives = 0;
  removals = 0;
  inHand = 0;
  mostInHand = 0;
  readonly handled: number[] = [];
  readonly consumer: Consumer;

  constructor(
    queue: MemoryQueue,
    private readonly clock: VirtualClock,
    handleMs: () => number,
    { latencyMs = 1, ...options }: ConsumeOptions & { readonly latencyMs?: number } = {},
  ) {
    const slow = Object.create(queue) as MemoryQueue;
    slow.receive = async (request) => {
      this.receives += 1;
      await sleep(clock, latencyMs / 2);
      const messages = await queue.receive(request);
      this.inHand += messages.length;
      this.mostInHand = Math.max(this.mostInHand, this.inHand);
      await sleep(clock, latencyMs / 2);
      return messages;
    };
    slow.acknowledge = async (messages) => {
      this.removals += 1;
      await sleep(clock, latencyMs);
      this.inHand -= messages.length;
      return queue.acknowledge(messages);
    };
    this.consumer = new Consumer({
      queue: slow,
      codec,
      clock,
      report: () => undefined,
      dispatcher: {
        dispatch: async () => {
          await sleep(clock, handleMs());
          this.handled.push(clock.now());
        },
      },
      classifyError: () => undefined,
      poisonPolicy: { type: 'redrive' },
      options: resolveConsumeOptions(options),
    });
  }

  /** Runs until so many messages are handled. Returns the messages of a second. */
  async rate(count: number): Promise<number> {
    const from = this.clock.now();
    this.consumer.start();
    while (this.handled.length < count) await this.clock.advance(10);
    return (count / (this.handled[count - 1]! - from)) * 1_000;
  }
}

async function filled(count: number): Promise<{ readonly clock: VirtualClock; readonly queue: MemoryQueue }> {
  const clock = new VirtualClock(0);
  const queue = createMemoryQueue({ clock });
  for (let n = 0; n < count; n += 10) {
    await queue.send(Array.from({ length: 10 }, (_, at) => ({ body: body(n + at) })));
  }
  return { clock, queue };
}

/** Durations from 0 to 20 ms that look random and are the same in each run. */
function uneven(): () => number {
  let last = 7;
  return () => (last = (last * 48_271) % 2_147_483_647) % 21;
}

describe('the messages that a worker has in hand', () => {
  it.each([
    ['of 2 ms', () => 2, 1, 4_500],
    ['of 0 to 20 ms', uneven(), 1, 900],
    ['of 0 to 20 ms with 8 ms of latency', uneven(), 8, 900],
    ['of 2 ms with 30 ms of latency', () => 2, 30, 4_500],
  ])('keep ten handlers %s busy with full requests', async (_, handleMs, latencyMs, atLeast) => {
    const { clock, queue } = await filled(4_000);
    const bench = new SlowQueue(queue, clock, handleMs, { latencyMs });
    // The first messages show how fast the handlers and the queue are.
    await bench.rate(1_000);
    const [receives, removals] = [bench.receives, bench.removals];
    bench.handled.length = 0;
    expect(await bench.rate(2_000)).toBeGreaterThan(atLeast);
    expect((bench.receives - receives + bench.removals - removals) / 2_000).toBeLessThan(0.33);
  });

  it('are ten for ten handlers of a second, so that a second worker gets its half', async () => {
    const { clock, queue } = await filled(1_000);
    const first = new SlowQueue(queue, clock, () => 1_000, { latencyMs: 20 });
    const second = new SlowQueue(queue, clock, () => 1_000, { latencyMs: 20 });
    first.consumer.start();
    await clock.advance(10_000);
    expect(first.mostInHand).toBeLessThanOrEqual(20);
    first.mostInHand = 0;
    second.consumer.start();
    const before = first.handled.length;
    await clock.advance(20_000);
    expect([first.mostInHand, second.mostInHand]).toEqual([10, 10]);
    const [one, other] = [first.handled.length - before, second.handled.length];
    expect(other / (one + other)).toBeGreaterThan(0.45);
  });
});
