import { describe, expect, it } from '@jest/globals';
import { createDelivery, type Delivery, type Lease } from '../../lib/consume/delivery.js';
import { AbortSource } from '../../lib/queue/abort-source.js';
import { RejectedMessages } from '../../lib/consume/rejected-messages.js';
import { ACK, type Settlement } from '../../lib/queue/settlement.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { Asks, Bench, body, type Handler, received } from './harness.js';

const rejects: Handler = () => {
  throw new Asks({ type: 'reject', detail: 'no such user' });
};

const RETRY = { baseSeconds: 2, jitter: 0 } as const;

describe('a message that a handler rejected, under the policy redrive', () => {
  it('comes back ever more slowly and is rejected again for the same reason, without its handler', async () => {
    const bench = new Bench(rejects, { retry: RETRY });
    await bench.send([1]);
    await bench.start(60_000);
    expect(bench.handled).toEqual([1]);
    expect(bench.settled.length).toBeGreaterThan(3);
    for (const event of bench.settled) {
      expect(event).toMatchObject({
        outcome: 'reject',
        reason: 'handler-rejected',
        detail: 'no such user',
        fate: 'kept',
        methods: ['run'],
      });
    }
    expect(bench.settled.slice(0, 4).map(({ delaySeconds }) => delaySeconds)).toEqual([2, 4, 8, 16]);
    expect(bench.settled.slice(0, 4).map(({ receiveCount }) => receiveCount)).toEqual([1, 2, 3, 4]);
  });

  it('moves to the dead-letter queue after maxReceiveCount receives and one run of its handler', async () => {
    const dead = createMemoryQueue({ name: 'dead' });
    const bench = new Bench(rejects, {
      retry: RETRY,
      queue: { redrive: { maxReceiveCount: 3, deadLetterQueue: dead } },
    });
    await bench.send([1]);
    await bench.start(60_000);
    expect([bench.handled, bench.outcomes]).toEqual([[1], ['reject', 'reject', 'reject']]);
    expect(dead.messages()).toHaveLength(1);
  });

  it('blocks its message group no longer than a message that fails', async () => {
    const ends = async (handler: Handler): Promise<number> => {
      const dead = createMemoryQueue({ name: 'dead.fifo', fifo: true });
      const bench = new Bench((n, ...rest) => (n === 1 ? handler(n, ...rest) : undefined), {
        retry: RETRY,
        waitTimeSeconds: 1,
        queue: { fifo: true, redrive: { maxReceiveCount: 3, deadLetterQueue: dead } },
      });
      await bench.send([1, 2], { groupId: 'g' });
      await bench.start(60_000);
      return bench.runs.find(({ n }) => n === 2)!.startedAt;
    };
    const fails: Handler = () => {
      throw new Error('no');
    };
    expect(await ends(rejects)).toBeLessThanOrEqual(await ends(fails));
  });

  it('runs no call of its body again on a FIFO queue', async () => {
    const bench = new Bench((n, ...rest) => (n === 2 ? rejects(n, ...rest) : undefined), {
      retry: RETRY,
      queue: { fifo: true },
    });
    await bench.queue.send([{ body: body(1, 2, 3), groupId: 'g' }]);
    await bench.start(10_000);
    expect(bench.handled).toEqual([1, 2]);
    expect(bench.settled).toMatchObject(Array(3).fill({ outcome: 'reject', methods: ['run', 'run', 'run'] }));
  });

  it('does not stand for a message that fails: its handler runs at each delivery', async () => {
    let runs = 0;
    const bench = new Bench(
      (...args) => {
        runs += 1;
        if (runs < 3) throw new Error('not yet');
        return rejects(...args);
      },
      { retry: RETRY },
    );
    await bench.send([1]);
    await bench.start(60_000);
    expect(bench.handled).toEqual([1, 1, 1]);
    expect(bench.outcomes.slice(0, 4)).toEqual(['retry', 'retry', 'reject', 'reject']);
  });
});

describe('the memory of rejected messages', () => {
  const REJECT: Settlement = {
    type: 'reject',
    reason: 'handler-rejected',
    detail: 'x'.repeat(500),
    error: new Error('x'),
  };
  const deliveryOf = (id: string, receiveCount: number): Delivery =>
    createDelivery(received(id, { receiveCount }), { aborts: new AbortSource() } as Lease);

  /** Handles deliveries as a worker does. Returns the ids whose handlers ran, and all settlements. */
  function through(
    settlement: Settlement,
    deliveries: readonly Delivery[],
    limit?: number,
  ): { reached: string[]; settlements: Settlement[] } {
    const rejected = new RejectedMessages(limit);
    const reached: string[] = [];
    const settlements = deliveries.map((delivery) => {
      const known = rejected.again(delivery);
      if (known) return known;
      reached.push(delivery.message.id);
      rejected.note(delivery, settlement);
      return settlement;
    });
    return { reached, settlements };
  }

  it('keeps the reason and the beginning of its text, and no error', () => {
    const { reached, settlements } = through(REJECT, [deliveryOf('a', 1), deliveryOf('a', 2)]);
    expect(reached).toEqual(['a']);
    expect(settlements[1]).toEqual({ type: 'reject', reason: 'handler-rejected', detail: 'x'.repeat(200) });
  });

  it('lets a message run again whose receive count has not grown, since it was moved back', () => {
    const again = [1, 2, 3, 1, 2].map((count) => deliveryOf('a', count));
    expect(through(REJECT, again).reached).toEqual(['a', 'a']);
  });

  it('belongs to one worker, so each other worker may run the handler once', () => {
    expect(through(REJECT, [deliveryOf('a', 1)]).reached).toEqual(['a']);
    expect(through(REJECT, [deliveryOf('a', 2), deliveryOf('a', 3)]).reached).toEqual(['a']);
  });

  it('forgets the message that it saw longest ago beyond its limit', () => {
    const deliveries = ['a', 'b', 'a', 'c', 'b', 'a'].map((id, at) => deliveryOf(id, at + 1));
    expect(through(REJECT, deliveries, 2).reached).toEqual(['a', 'b', 'c', 'b', 'a']);
  });

  it.each<Settlement>([
    ACK,
    { type: 'retry', delaySeconds: 1 },
    { type: 'reject', reason: 'truncated' },
    { type: 'reject', reason: 'too-many-receives' },
  ])('does not keep the settlement %j', (settlement) => {
    expect(through(settlement, [deliveryOf('a', 1), deliveryOf('a', 2)]).reached).toEqual(['a', 'a']);
  });
});
