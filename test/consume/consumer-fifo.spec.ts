import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { seedRandom } from '../queue/harness.js';
import { Asks, Bench, body, failure, range, takes, type BenchOptions, type Handler } from './harness.js';

seedRandom();

function fifo(handler?: Handler, options: BenchOptions = {}): Bench {
  return new Bench(handler, { ...options, queue: { fifo: true, ...options.queue } });
}

/** The numbers of one group: those of the same hundred. */
const group = (bench: Bench, hundred: number): number[] => bench.handled.filter((n) => Math.floor(n / 100) === hundred);

describe('a Consumer of a FIFO queue', () => {
  it('handles each message group in order, one message at a time, and different groups concurrently', async () => {
    const bench = fifo(takes(100), { concurrency: 30 });
    for (const hundred of [1, 2, 3]) await bench.send(range(8, hundred * 100), { groupId: `g${hundred}` });
    await bench.start(1_000);
    for (const hundred of [1, 2, 3]) {
      expect(group(bench, hundred)).toEqual(range(8, hundred * 100));
      const own = bench.runs.filter(({ n }) => Math.floor(n / 100) === hundred);
      own.slice(1).forEach((run, i) => expect(run.startedAt).toBeGreaterThanOrEqual(own[i]!.endedAt));
    }
    expect(bench.left).toBe(0);
    expect(bench.clock.now()).toBe(1_000);
  });

  it('keeps the order of a message group when a message fails and releases the rest of the group at once', async () => {
    const bench = fifo((n, { message }) => {
      if (n === 101 && message.receiveCount < 3) throw new Asks({ type: 'retry', delaySeconds: 60 });
    });
    await bench.send(range(4, 100), { groupId: 'g1' });
    await bench.send(range(3, 200), { groupId: 'g2' });
    await bench.start(1_000);
    expect([group(bench, 1), group(bench, 2)]).toEqual([[100, 101], range(3, 200)]);
    expect(bench.queue.messages().map(({ visibleAt }) => visibleAt <= 0)).toEqual([false, true, true]);
    expect(bench.outcomes.filter((outcome) => outcome === 'released')).toHaveLength(2);
    await bench.clock.advance(200_000);
    expect([group(bench, 1), bench.left]).toEqual([[100, 101, 101, 101, 102, 103], 0]);
  });

  it('keeps the order of every message group whatever messages fail', async () => {
    const failedOnce = new Set<number>();
    const bench = fifo(
      (n) => {
        if (n % 7 === 0 && !failedOnce.has(n)) {
          failedOnce.add(n);
          throw new Error('once');
        }
      },
      { concurrency: 20, retry: { baseSeconds: 1, factor: 1 } },
    );
    for (const hundred of range(10)) await bench.send(range(20, hundred * 100), { groupId: `g${hundred}` });
    await bench.start(600_000);
    expect(bench.left).toBe(0);
    for (const hundred of range(10)) expect([...new Set(group(bench, hundred))]).toEqual(range(20, hundred * 100));
  });

  it('stops a message group after a failed delete until the same message is redelivered', async () => {
    const bench = fifo(undefined, { visibilityTimeoutSeconds: 30 });
    bench.queue.fail('acknowledge', ({ number }) => (number === 1 ? [failure('denied')] : undefined));
    await bench.send(range(3, 100), { groupId: 'g1' });
    await bench.start(20_000);
    expect(bench.handled).toEqual([100]);
    await bench.clock.advance(60_000);
    expect([bench.handled, bench.left]).toEqual([[100, 100, 101, 102], 0]);
  });

  it.each([
    ['drop', () => ({ type: 'drop' }) as const],
    ['dead-letter', () => ({ type: 'dead-letter', deadLetters: createMemoryQueue(), max: 3 }) as const],
  ])('continues a message group after its poison message is settled by the policy %s', async (_, poisonPolicy) => {
    const bench = fifo(undefined, { poisonPolicy: poisonPolicy() });
    await bench.queue.send([
      { body: 'poison', groupId: 'g' },
      { body: body(1), groupId: 'g' },
      { body: body(2), groupId: 'g' },
    ]);
    await bench.start(10);
    expect(bench.handled).toEqual([1, 2]);
    expect(bench.runs.map(({ delivery }) => delivery.message.receiveCount)).toEqual([1, 1]);
  });

  it('reports a waiting message that loses its lease before its release as abandoned', async () => {
    const bench = fifo(
      async (_, __, clock) => {
        await sleep(clock, 8_000);
        throw new Error('no');
      },
      { waitTimeSeconds: 1, visibilityTimeoutSeconds: 10, concurrency: 2, retry: { baseSeconds: 100, jitter: 0 } },
    );
    const extend = bench.queue.extend.bind(bench.queue);
    const lost = { ok: false, error: failure('lease-lost') } as const;
    bench.queue.extend = async (entries) => {
      const outcomes = await extend(entries);
      return entries.map(({ message }, i) => (message.body === body(2) ? lost : outcomes[i]!));
    };
    const released: unknown[] = [];
    const release = bench.queue.release.bind(bench.queue);
    bench.queue.release = (releases) => {
      released.push(...releases.map(({ message }) => message.body));
      return release(releases);
    };
    await bench.send([1, 2], { groupId: 'g' });
    await bench.start(9_000);
    expect([bench.outcomes, released, bench.of('lease-lost').length]).toEqual([['retry', 'abandon'], [body(1)], 1]);
  });

  it('does not start a waiting message whose lease was lost before its turn', async () => {
    const bench = fifo(takes(20_000));
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      const outcomes = await extend(entries);
      const lost = { ok: false, error: failure('lease-lost') } as const;
      return entries.map(({ message }, i) => (message.body === body(101) ? lost : outcomes[i]!));
    };
    await bench.send(range(2, 100), { groupId: 'g1' });
    await bench.start(21_000);
    expect(bench.handled).toEqual([100]);
    expect(bench.outcomes).toEqual(['ack', 'abandon']);
  });
});

describe('a failed message that is handed out again before its first delivery has ended', () => {
  it('runs again at once, so that no receive is wasted', async () => {
    const deadLetterQueue = createMemoryQueue({ name: 'dead', fifo: true });
    const fail = (): void => {
      throw new Error('no');
    };
    const bench = new Bench(fail, { queue: { fifo: true, redrive: { maxReceiveCount: 2, deadLetterQueue } } });
    await bench.send([1], { groupId: 'g' });
    await bench.start(60_000);
    expect([bench.handled, bench.outcomes, bench.left]).toEqual([[1, 1], ['retry', 'retry'], 0]);
    expect(deadLetterQueue.messages()).toHaveLength(1);
  });

  it('runs before the messages behind it, which are released', async () => {
    let failures = 1;
    const failOnce: Handler = (n) => {
      if (n === 1 && failures-- > 0) throw new Error('no');
    };
    const bench = new Bench(failOnce, { queue: { fifo: true } });
    await bench.send([1, 2, 3], { groupId: 'g' });
    await bench.start(60_000);
    expect([bench.handled, bench.left]).toEqual([[1, 1, 2, 3], 0]);
  });
});
