import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { Bench, range, type BenchOptions, type Handler } from './harness.js';

/** Notes how many messages each receive asked for, and when. */
function noteReceives(bench: Bench): { readonly at: number; readonly max: number }[] {
  const asked: { at: number; max: number }[] = [];
  const receive = bench.queue.receive.bind(bench.queue);
  bench.queue.receive = (options) => {
    asked.push({ at: bench.clock.now(), max: options.max });
    return receive(options);
  };
  return asked;
}

const failing =
  (...numbers: number[]): Handler =>
  (n) => {
    if (numbers.includes(n)) throw new Error('no');
  };

describe('messages behind a permanently failing message of a FIFO group', () => {
  const redriven = (
    seconds: number,
    maxReceiveCount: number,
    more: BenchOptions = {},
  ): { bench: Bench; dead: ReturnType<typeof createMemoryQueue> } => {
    const dead = createMemoryQueue({ name: 'dead', fifo: true, contentBasedDeduplication: true });
    const bench = new Bench(failing(0, 5), {
      retry: { baseSeconds: seconds, factor: 1, jitter: 0 },
      ...more,
      queue: { fifo: true, redrive: { maxReceiveCount, deadLetterQueue: dead } },
    });
    return { bench, dead };
  };

  it.each([
    ['while a receive is open', 2, {}],
    ['long after a receive', 60, {}],
    ['at once', 0, {}],
    ['with many free slots', 60, { concurrency: 50 }],
    ['with short receives', 5, { waitTimeSeconds: 0 }],
    ['when a receive ends', 1, { waitTimeSeconds: 1, concurrency: 50 }],
  ])(
    'handles every message behind a failing message within its receive limit: redelivered %s',
    async (_, seconds, more) => {
      const { bench, dead } = redriven(seconds, 5, more);
      await bench.send(range(30, 0), { groupId: 'g' });
      await bench.start(900_000);
      expect(bench.handled.filter((n) => n !== 0 && n !== 5)).toEqual(range(30, 0).filter((n) => n !== 0 && n !== 5));
      expect([dead.messages().length, bench.left]).toEqual([2, 0]);
      const counts = bench.runs
        .filter(({ n }) => n !== 0 && n !== 5)
        .map(({ delivery }) => delivery.message.receiveCount);
      // Twice at most with each of the two that failed, of which one was received by itself, and once to run.
      expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    },
  );
});

describe('a message of a FIFO queue that fails at its last receive', () => {
  it('holds up its group for no retry delay, since it cannot come back', async () => {
    const dead = createMemoryQueue({ name: 'dead', fifo: true, contentBasedDeduplication: true });
    const bench = new Bench(failing(0), {
      retry: { baseSeconds: 600, factor: 1, jitter: 0 },
      waitTimeSeconds: 1,
      queue: { fifo: true, redrive: { maxReceiveCount: 2, deadLetterQueue: dead } },
    });
    await bench.send(range(3, 0), { groupId: 'g' });
    await bench.start(605_000);
    expect(bench.handled).toEqual([0, 0, 1, 2]);
    expect(bench.settled.filter(({ outcome }) => outcome === 'retry').map(({ delaySeconds }) => delaySeconds)).toEqual([
      600, 0,
    ]);
  });
});

describe('a receive that may return a failed message', () => {
  const fifo = (maxReceives: number, more: BenchOptions = {}): Bench =>
    new Bench(failing(0), {
      queue: { fifo: true },
      concurrency: 50,
      poisonPolicy: { type: 'drop' },
      retry: { baseSeconds: 100, factor: 1, jitter: 0, maxReceives },
      ...more,
    });
  const after = (asked: ReturnType<typeof noteReceives>, from: number, to: number): Set<number> =>
    new Set(asked.filter(({ at }) => at >= from && at < to).map(({ max }) => max));

  it('requests one message when a failed message may return and its group has used half its receives', async () => {
    const bench = fifo(3);
    const asked = noteReceives(bench);
    await bench.send(range(20, 0), { groupId: 'g' });
    await bench.start(99_000);
    expect(after(asked, 20_000, 80_000)).toEqual(new Set([10]));
    // One that is open for 20 s may still be open when it comes.
    expect(after(asked, 80_000, 100_000)).toEqual(new Set([1]));
  });

  it.each([
    ['the group has used fewer receives', 6, {}],
    ['no receive limit applies', Infinity, { retry: { baseSeconds: 100, factor: 1, jitter: 0 } }],
    ['the queue keeps no order', 3, { queue: { fifo: false } }],
  ])('requests as many messages as slots are free if %s', async (_, maxReceives, more) => {
    const bench = fifo(maxReceives, more);
    const asked = noteReceives(bench);
    await bench.send(range(20, 0), { groupId: 'g' });
    await bench.start(100_000);
    expect(after(asked, 20_000, 100_000)).toEqual(new Set([10]));
  });

  it.each([1, 2, 3, 4, 5])('requests one message from the first failure on if the limit is %d', async (maxReceives) => {
    const bench = fifo(maxReceives);
    const asked = noteReceives(bench);
    await bench.send(range(20, 0), { groupId: 'g' });
    await bench.start(100_000);
    // With a limit of 1 the failed message is dropped at once.
    if (maxReceives > 1) expect(after(asked, 80_000, 100_000)).toEqual(new Set([1]));
    await bench.clock.advance(1_000_000);
    expect(bench.handled.filter((n) => n !== 0)).toEqual(range(19));
  });
});
