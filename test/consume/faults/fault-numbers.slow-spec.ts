import { describe, expect, it } from '@jest/globals';
import { HandlerTimeoutError } from '../../../lib/consume/handler-errors.js';
import { sleep } from '../../../lib/queue/clock.js';
import { seedRandom } from '../../queue/harness.js';
import { Bench, failure, range, takes, type BenchOptions } from '../harness.js';

seedRandom();

/** Runs in hand at once, at the worst moment. */
function mostAtOnce({ runs }: Bench): number {
  const changes = runs.flatMap(({ startedAt, endedAt }) => [[startedAt, 1] as const, [endedAt, -1] as const]);
  let now = 0;
  // What ends at a moment makes room for what starts at it.
  return Math.max(...changes.sort(([a, x], [b, y]) => a - b || x - y).map(([, change]) => (now += change)));
}

describe('F5: a handler that never ends', () => {
  const STUCK = 500;
  const TIMEOUT_MS = 5_000;

  it('blocks one concurrency slot with a hanging handler for no longer than its timeout', async () => {
    const bench = new Bench((n, _, clock) => (n === STUCK ? new Promise<void>(() => undefined) : sleep(clock, 100)), {
      handlerTimeoutMs: TIMEOUT_MS,
      retry: { baseSeconds: 600, jitter: 0 },
    });
    await bench.send(range(2_000));
    await bench.start(30_000);
    const started = bench.runs.find(({ n }) => n === STUCK)!.startedAt;
    const doneIn = (from: number): number =>
      bench.runs.filter(({ endedAt }) => endedAt > from && endedAt <= from + TIMEOUT_MS).length;
    const nineSlots = (9 * TIMEOUT_MS) / 100;
    expect(doneIn(started)).toBeGreaterThanOrEqual(nineSlots * 0.9);
    expect(doneIn(started)).toBeLessThanOrEqual(nineSlots);
    // All ten of them are at work again within a second.
    const ten = (10 * TIMEOUT_MS) / 100;
    expect(doneIn(started + TIMEOUT_MS + 1_000)).toBeGreaterThanOrEqual(ten * 0.9);
  });

  it('retries the message of a timed-out handler and ignores the later end of the handler', async () => {
    const bench = new Bench(
      async (_, { message }, clock) => {
        if (message.receiveCount === 1) await sleep(clock, 60_000);
      },
      { handlerTimeoutMs: TIMEOUT_MS, retry: { baseSeconds: 100, jitter: 0 } },
    );
    const removed: string[] = [];
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = (messages) => {
      removed.push(...messages.map(({ receipt }) => receipt));
      return acknowledge(messages);
    };
    await bench.send([1]);
    await bench.start(90_000);
    expect(bench.settled.map(({ outcome, error }) => [outcome, error instanceof HandlerTimeoutError])).toEqual([
      ['retry', true],
    ]);
    // The first run ended half a minute ago, and the message is still there.
    expect([bench.runs[0]!.endedAt, bench.left, removed]).toEqual([60_000, 1, []]);
    await bench.clock.advance(60_000);
    expect([bench.runs.length, bench.left]).toEqual([2, 0]);
    expect(removed).toEqual([bench.runs[1]!.delivery.message.receipt]);
  });
});

describe('F13: a queue whose settlement requests all fail at a deadline of 5 s', () => {
  const nothing = (): void => undefined;
  const fail = (): never => {
    throw new Error('by script');
  };

  it.each([
    ['deletes', 'acknowledge', nothing],
    ['visibility changes', 'release', fail],
  ] as const)(
    'gives up failing %s within 15 s, and tests the queue at most once in 1.5 s',
    async (_, verb, handler) => {
      const bench = new Bench(handler, { concurrency: 20 });
      let requests = 0;
      bench.queue[verb] = async () => {
        requests += 1;
        await sleep(bench.clock, 5_000);
        throw failure('network');
      };
      await bench.start();
      for (const n of range(10)) {
        await bench.send([n]);
        await bench.clock.advance(1_700);
      }
      await bench.clock.advance(12_000);
      const took = bench.of('settle-failed').map((event) => {
        const { startedAt } = bench.runs.find(({ delivery }) => delivery.message.id === event.messageId)!;
        return bench.times.get(event)! - startedAt;
      });
      expect(took).toHaveLength(10);
      expect(Math.max(...took)).toBeLessThanOrEqual(15_000);
      // Each was worth more than one request.
      expect(Math.min(...took)).toBeGreaterThan(5_000);
      expect(requests).toBeLessThanOrEqual((10 * 1_700 + 12_000) / 1_500);
    },
  );
});

describe('F23: a hundred handlers that take three times their visibility timeout', () => {
  it('handles a hundred slow messages once and extends their leases in requests of about ten', async () => {
    const VISIBILITY = 30;
    const bench = new Bench(takes(3 * VISIBILITY * 1000), { concurrency: 100, visibilityTimeoutSeconds: VISIBILITY });
    const extensions: number[] = [];
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = (changes) => {
      extensions.push(changes.length);
      return extend(changes);
    };
    await bench.send(range(100));
    await bench.start(4 * VISIBILITY * 1000);
    expect(bench.settled.map(({ outcome, receiveCount }) => [outcome, receiveCount])).toEqual(
      Array.from({ length: 100 }, () => ['ack', 1]),
    );
    // A beat is what one message needs: from 40 to 60 % of its lease each. Beats overlap, so a few requests are not full.
    const renewals = extensions.reduce((sum, count) => sum + count, 0);
    const beats = renewals / 100;
    expect(beats).toBeLessThanOrEqual(7);
    expect(extensions.length / beats).toBeLessThanOrEqual(12);
  });
});

describe('F33: a hundred groups of twenty, in half of which a message fails once', () => {
  const GROUPS = range(100, 0);
  const EACH = 20;
  const fails = (n: number): boolean => n < 50 * EACH && n % 20 === 7;

  async function run(failing: boolean): Promise<Bench> {
    const failed = new Set<number>();
    const options: BenchOptions = { concurrency: 200, queue: { fifo: true }, retry: { baseSeconds: 2, jitter: 0 } };
    const bench = new Bench(async (n, _, clock) => {
      await sleep(clock, 50);
      if (failing && fails(n) && !failed.has(n)) {
        failed.add(n);
        throw new Error('once');
      }
    }, options);
    for (const n of range(EACH, 0)) {
      for (const group of GROUPS) await bench.send([group * EACH + n], { groupId: `g${group}` });
    }
    await bench.start();
    while (bench.left > 0 && bench.clock.now() < 3_600_000) await bench.clock.advance(1_000);
    return bench;
  }

  const ofGroup = (bench: Bench, group: number): number[] =>
    bench.runs.filter(({ n }) => Math.floor(n / EACH) === group).map(({ n }) => n);
  /** When the last message of the groups without a failure was handled. */
  const endOf = (bench: Bench): number =>
    Math.max(...bench.runs.filter(({ n }) => n >= 50 * EACH).map(({ endedAt }) => endedAt));

  it('keeps the order of failing groups and slows other groups by at most a tenth', async () => {
    const bench = await run(true);
    expect(bench.left).toBe(0);
    for (const group of GROUPS) {
      const numbers = ofGroup(bench, group);
      // A failure comes again at once in its group, before anything behind it: the list never goes down, and misses none.
      expect(numbers).toEqual(numbers.slice().sort((a, b) => a - b));
      expect([...new Set(numbers)]).toEqual(range(EACH, group * EACH));
      expect(numbers.length - EACH).toBe(group < 50 ? 1 : 0);
    }
    const undisturbed = await run(false);
    expect(endOf(undisturbed)).toBeGreaterThan(0);
    expect(endOf(bench)).toBeLessThanOrEqual(endOf(undisturbed) / 0.9);
  });
});

describe('F35: slow handlers and a deep queue', () => {
  it('runs at most `concurrency` handlers and requests no more messages than slots are free', async () => {
    const bench = new Bench(takes(1_000), { concurrency: 10 });
    const receive = bench.queue.receive.bind(bench.queue);
    let [inHand, worst] = [0, 0];
    bench.queue.receive = async (options) => {
      // Whatever is asked for may come.
      worst = Math.max(worst, inHand + options.max);
      inHand += options.max;
      const messages = await receive(options);
      inHand -= options.max - messages.length;
      return messages;
    };
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = (messages) => {
      inHand -= messages.length;
      return acknowledge(messages);
    };
    await bench.send(range(500));
    await bench.start(40_000);
    expect(mostAtOnce(bench)).toBe(10);
    expect(worst).toBeLessThanOrEqual(10);
    expect(bench.runs.length).toBeGreaterThanOrEqual(390);
  });
});
