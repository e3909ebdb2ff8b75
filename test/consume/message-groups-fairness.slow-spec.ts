import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, range, type BenchOptions } from './harness.js';

seedRandom();

/** Messages of the group `g` are numbered from `g` × 1 000; those of the group 0 take a minute each, all others a second. */
const GROUP = 1_000;
const SLOW_MS = 60_000;
const groupOf = (n: number): number => Math.floor(n / GROUP);

/** A FIFO bench that notes what each receive asked for, and how much was in flight at the worst moment. */
class FairBench extends Bench {
  readonly asked: { readonly at: number; readonly max: number }[] = [];
  mostInFlight = 0;

  constructor(options: BenchOptions = {}) {
    super((n, _, clock) => sleep(clock, groupOf(n) === 0 ? SLOW_MS : 1_000), { ...options, queue: { fifo: true } });
    const receive = this.queue.receive.bind(this.queue);
    this.queue.receive = async (request) => {
      this.asked.push({ at: this.clock.now(), max: request.max });
      const messages = await receive(request);
      this.mostInFlight = Math.max(this.mostInFlight, this.queue.depth().inFlight);
      return messages;
    };
  }

  /** Sends `each` messages to each group, those of a group one after the other, as a backlog of SQS has them. */
  async fill(groups: readonly number[], each: number): Promise<this> {
    for (const group of groups) await this.send(range(each, group * GROUP), { groupId: `g${group}` });
    return this;
  }

  /** Until no message is left but those of the slow group. */
  async untilQuick(): Promise<number> {
    await this.start();
    while (this.queue.messages().some(({ groupId }) => groupId !== 'g0')) await this.clock.advance(500);
    return Math.max(...this.quick.map(({ endedAt }) => endedAt));
  }

  get quick(): Bench['runs'] {
    return this.runs.filter(({ n }) => groupOf(n) !== 0);
  }

  /** The most handlers that ran at once. */
  get mostRunning(): number {
    return Math.max(
      ...this.runs.map(
        ({ startedAt: at }) => this.runs.filter((run) => run.startedAt <= at && at < run.endedAt).length,
      ),
    );
  }

  expectOrder(groups: readonly number[], each: number): void {
    for (const group of groups) {
      const own = this.runs.filter(({ n }) => groupOf(n) === group);
      expect(own.map(({ n }) => n)).toEqual(range(each, group * GROUP));
      own.slice(1).forEach((run, i) => expect(run.startedAt).toBeGreaterThanOrEqual(own[i]!.endedAt));
    }
  }
}

const OTHERS = range(9);

describe('F33: a slow group with a backlog, at a concurrency of 10', () => {
  it('handles nine groups at most a tenth slower beside a slow group with a backlog', async () => {
    const alone = await (await new FairBench().fill(OTHERS, 10)).untilQuick();
    expect(alone).toBeLessThanOrEqual(11_000);
    for (const backlog of [10, 50, 200]) {
      const bench = await new FairBench().fill([0], backlog);
      expect(await (await bench.fill(OTHERS, 10)).untilQuick()).toBeLessThanOrEqual(alone / 0.9);
      bench.expectOrder(OTHERS, 10);
    }
  });

  it('releases no message of a slow group and keeps at most concurrency plus ten messages in flight', async () => {
    const bench = await new FairBench().fill([0], 50);
    await (await bench.fill(OTHERS, 30)).untilQuick();
    expect(bench.outcomes.filter((outcome) => outcome !== 'ack')).toEqual([]);
    expect(new Set(bench.runs.map(({ delivery }) => delivery.message.receiveCount))).toEqual(new Set([1]));
    expect([bench.mostRunning, bench.mostInFlight <= 20]).toEqual([10, true]);
  });

  it('receives as seldom as from an idle queue while only a slow group has messages', async () => {
    const bench = await new FairBench().fill([0], 100);
    await bench.start(10 * SLOW_MS);
    const minutes = 10;
    // Three long polls a minute, and what it takes to have the next ten.
    expect(bench.asked.length).toBeLessThanOrEqual(3 * minutes + 10);
    expect(bench.outcomes).toEqual(Array<string>(10).fill('ack'));
  });

  it('releases the waiting messages of a slow group in one request before stop resolves', async () => {
    const bench = await new FairBench({ waitTimeSeconds: 1 }).fill([0], 8);
    const releases: number[] = [];
    const release = bench.queue.release.bind(bench.queue);
    bench.queue.release = async (entries) => {
      if (entries.every(({ seconds }) => seconds === 0)) releases.push(entries.length);
      await sleep(bench.clock, 100);
      return release(entries);
    };
    await bench.start(2 * SLOW_MS - 50);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(60);
    expect([stopped.state, bench.handled, releases]).toEqual(['pending', [0, 1], [6]]);
    await bench.clock.advance(1_500);
    expect([stopped.state, bench.queue.depth().visible, bench.clock.pending]).toEqual(['resolved', 6, 0]);
  });
});

describe('many groups with a backlog each', () => {
  it.each([1, 3, 10, 40])(
    'uses all %d concurrency slots, holds at most ten waiting messages and receives no message twice',
    async (concurrency) => {
      const groups = range(50);
      const bench = await new FairBench({ concurrency }).fill(groups, 4);
      const end = await bench.untilQuick();
      expect(bench.mostRunning).toBe(concurrency);
      expect(bench.mostInFlight).toBeLessThanOrEqual(concurrency + 10);
      expect(bench.runs).toHaveLength(200);
      expect(bench.outcomes).toEqual(Array<string>(200).fill('ack'));
      bench.expectOrder(groups, 4);
      // All slots are busy but for the very end.
      expect(end).toBeLessThanOrEqual((200 / concurrency + 4) * 1_000);
    },
  );
});

describe('a message received while the previous message of its group is being deleted', () => {
  it('starts the next message of a group only after the delete of the previous message ends', async () => {
    const bench = await new FairBench({ concurrency: 3 }).fill([1, 2, 3], 5);
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = async (messages) => {
      const outcomes = await acknowledge(messages);
      await sleep(bench.clock, 300);
      return outcomes;
    };
    await bench.untilQuick();
    await bench.clock.advance(1_000);
    bench.expectOrder([1, 2, 3], 5);
    expect([bench.mostRunning, bench.outcomes]).toEqual([3, Array<string>(15).fill('ack')]);
    const stopped = watch(bench.consumer.stop());
    await bench.clock.advance(20_000);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });
});
