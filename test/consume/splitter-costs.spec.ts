import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { Bench, body, failure, range, type BenchOptions, type Handler } from './harness.js';

/** Calls of a body with several fail, but for 0. */
const failsInBody: Handler = (n, { calls }) => {
  if (n !== 0 && calls.length > 1) throw new Error('no');
};

/** A bench that notes what its worker sends, each request of which takes so long. */
function slowSends(sendMs: number, options: BenchOptions = {}): { bench: Bench; sent: number[] } {
  const bench = new Bench(failsInBody, { retry: { baseSeconds: 1_000, jitter: 0 }, ...options });
  const sent: number[] = [];
  const send = bench.queue.send.bind(bench.queue);
  bench.queue.send = async (messages) => {
    sent.push(messages.length);
    await sleep(bench.clock, sendMs);
    return send(messages);
  };
  return { bench, sent };
}

async function put(bench: Bench, numbers: readonly number[], attributes: Record<string, string> = {}): Promise<void> {
  const sending = bench.queue.send([{ body: body(...numbers), attributes }]);
  await bench.clock.advance(10_000);
  await sending;
}

describe('a body whose failed calls are sent again', () => {
  it('extends the lease of a body while its failed calls are resent', async () => {
    const { bench, sent } = slowSends(1_000, { visibilityTimeoutSeconds: 2, concurrency: 100 });
    await put(bench, range(100, 0));
    await bench.start(60_000);
    expect(bench.runs.filter(({ n }) => n === 0)).toHaveLength(1);
    expect(sent).toEqual([1, ...Array.from({ length: 9 }, () => 10), 9]);
    expect(bench.outcomes.filter((outcome) => outcome === 'split')).toHaveLength(1);
    expect([bench.of('lease-lost'), bench.left]).toEqual([[], 99]);
  });

  it('stops resending calls and abandons the body when the lease of the body is lost', async () => {
    const { bench, sent } = slowSends(1_000, { visibilityTimeoutSeconds: 3 });
    await put(bench, range(100, 0));
    bench.queue.fail('extend', ({ entries }) => Array.from({ length: entries }, () => failure('lease-lost')));
    const removed: string[] = [];
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = (messages) => {
      removed.push(...messages.map(({ id }) => id));
      return acknowledge(messages);
    };
    // The first renewal is due after some 1.5 s, and whoever receives the body next does so after 3 s.
    await bench.start(2_500);
    expect(bench.of('lease-lost')).toHaveLength(1);
    expect(bench.settled).toMatchObject([{ outcome: 'abandon', error: expect.any(AggregateError) as unknown }]);
    expect([sent, removed]).toEqual([[1, 10, 10], []]);
  });

  it.each([
    ['calls', range(1_002, 0), {}],
    ['bytes, with the attributes that each of them has', range(100, 0), { a: 'x'.repeat(50_000) }],
  ])(
    'retries the whole body, counted by maxReceives, when a split would send too many %s',
    async (_, numbers, attributes) => {
      const { bench, sent } = slowSends(0, {
        poisonPolicy: { type: 'drop' },
        retry: { baseSeconds: 1, jitter: 0, maxReceives: 3 },
      });
      await put(bench, numbers, attributes);
      await bench.start(60_000);
      expect([sent, bench.outcomes, bench.left]).toEqual([[1], ['retry', 'retry', 'reject'], 0]);
    },
  );

  it('splits a body with up to a thousand failed calls', async () => {
    const { bench } = slowSends(0, { concurrency: 1_000 });
    await put(bench, range(1_001, 0));
    await bench.start(60_000);
    expect(bench.settled.find(({ outcome }) => outcome === 'split')).toMatchObject({ resent: 1_000 });
    expect(bench.left).toBe(1_000);
  });
});
