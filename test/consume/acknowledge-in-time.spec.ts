import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import type { PoisonPolicy } from '../../lib/consume/dead-letter.js';
import { seedRandom } from '../queue/harness.js';
import { Asks, Bench, body, type BenchOptions, type Handler } from './harness.js';

seedRandom();

/** Answers renewals after a time, and notes when messages are removed. */
function slowRenewals(bench: Bench, ms: number): number[] {
  const removedAt: number[] = [];
  const { queue, clock } = bench;
  const extend = queue.extend.bind(queue);
  queue.extend = async (extensions) => {
    const results = await extend(extensions);
    await sleep(clock, ms);
    return results;
  };
  const acknowledge = queue.acknowledge.bind(queue);
  queue.acknowledge = (messages) => {
    removedAt.push(clock.now());
    return acknowledge(messages);
  };
  const discard = queue.discard.bind(queue);
  queue.discard = (discards) => {
    removedAt.push(clock.now());
    return discard(discards);
  };
  return removedAt;
}

const dead = (): PoisonPolicy => ({ type: 'dead-letter', deadLetters: createMemoryQueue({ name: 'dead' }), max: 3 });

/** Takes so long, and then rejects its message. */
const rejectsAfter =
  (ms: number): Handler =>
  async (_, __, clock) => {
    await sleep(clock, ms);
    throw new Asks({ type: 'reject', detail: 'no' });
  };

describe('the removal of a message while a renewal of its lease is not answered', () => {
  const succeeds: Handler = (_, __, clock) => sleep(clock, 1_900);
  it.each<[string, Handler, BenchOptions, string]>([
    ['acknowledgement', succeeds, {}, 'ack'],
    ['acknowledgement of a FIFO message', succeeds, { queue: { fifo: true } }, 'ack'],
    ['drop of a rejected message', rejectsAfter(1_900), { poisonPolicy: { type: 'drop' } }, 'reject'],
    ['removal of a dead-lettered message', rejectsAfter(1_900), { poisonPolicy: dead() }, 'reject'],
    [
      'removal of a body whose failed call was sent again',
      async (n, _, clock) => {
        await sleep(clock, 1_900);
        if (n === 2) throw new Error('no');
      },
      { features: { resend: true } },
      'split',
    ],
  ])('does not wait for the renewal: %s', async (_, handler, options, outcome) => {
    const bench = new Bench(handler, { visibilityTimeoutSeconds: 3, ...options });
    const removedAt = slowRenewals(bench, 10_000);
    await bench.queue.send([{ body: outcome === 'split' ? body(1, 2) : body(1), groupId: 'g' }]);
    await bench.start(2_500);
    const [first] = bench.settled;
    expect([first, removedAt[0]! < 2_000]).toMatchObject([{ outcome, receiveCount: 1 }, true]);
    expect(bench.of('lease-lost').filter(({ messageId }) => messageId === first!.messageId)).toEqual([]);
  });

  it('is reported if the lease may have ended before the queue removed the message', async () => {
    const bench = new Bench((_, __, clock) => sleep(clock, 1_900), { visibilityTimeoutSeconds: 3 });
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.extend = () => new Promise(() => undefined);
    bench.queue.acknowledge = async (messages) => {
      const results = await acknowledge(messages);
      await sleep(bench.clock, 1_200);
      return results;
    };
    await bench.send([1, 2]);
    await bench.start(4_000);
    expect(bench.of('lease-lost').map(({ messageId }) => messageId)).toEqual(
      bench.settled.map(({ messageId }) => messageId),
    );
    expect([bench.outcomes, bench.left]).toEqual([['ack', 'ack'], 0]);
  });

  it('is reported when the lease ends, although the queue has not answered the removal', async () => {
    const bench = new Bench((_, __, clock) => sleep(clock, 1_000), { visibilityTimeoutSeconds: 3 });
    bench.queue.acknowledge = () => new Promise(() => undefined);
    await bench.send([1]);
    await bench.start(2_999);
    expect(bench.of('lease-lost')).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.of('lease-lost')).toHaveLength(1);
  });

  it('is not reported if the answer to the renewal shows that the lease had not ended', async () => {
    const bench = new Bench((_, __, clock) => sleep(clock, 2_000), { visibilityTimeoutSeconds: 3 });
    slowRenewals(bench, 1_000);
    const acknowledge = bench.queue.acknowledge.bind(bench.queue);
    bench.queue.acknowledge = async (messages) => {
      const results = await acknowledge(messages);
      await sleep(bench.clock, 1_500);
      return results;
    };
    await bench.send([1]);
    await bench.start(6_000);
    expect([bench.of('lease-lost'), bench.outcomes]).toEqual([[], ['ack']]);
  });

  it('leaves the answer of the queue, that there is no lease to renew any more, without a report', async () => {
    const bench = new Bench((_, __, clock) => sleep(clock, 1_900), { visibilityTimeoutSeconds: 3 });
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (extensions) => {
      await sleep(bench.clock, 1_000);
      return extend(extensions);
    };
    await bench.send([1]);
    await bench.start(10_000);
    expect([bench.outcomes, bench.of('lease-lost'), bench.of('renew-failed')]).toEqual([['ack'], [], []]);
  });
});
