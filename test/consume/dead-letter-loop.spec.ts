import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { Asks, Bench, body, range } from './harness.js';

const REFUSED = 'not base64 !';

/** Moves all messages back, as people do before they have fixed the handler. */
async function moveBack(bench: Bench, dead: ReturnType<typeof createMemoryQueue>): Promise<number> {
  const messages = await dead.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
  for (const message of messages) await bench.queue.send([{ body: message.body, attributes: message.attributes }]);
  if (messages.length > 0) await dead.acknowledge(messages);
  return messages.length;
}

describe('F37: a message that is moved back from the dead-letter queue without a fix', () => {
  it.each([1, 3])('dead-letters a redriven message %i times and then keeps the message in its queue', async (max) => {
    const dead = createMemoryQueue({ name: 'dead' });
    const bench = new Bench(undefined, {
      poisonPolicy: { type: 'dead-letter', deadLetters: dead, max },
      retry: { baseSeconds: 2, jitter: 0 },
    });
    await bench.queue.send([{ body: REFUSED, attributes: { who: 'me' } }]);
    await bench.start(10);
    let moved = 0;
    for (let round = 0; round < 1_000; round += 1) {
      moved += await moveBack(bench, dead);
      await bench.clock.advance(1_000);
    }
    expect(moved).toBe(max);
    expect(bench.left).toBe(1);
    const fates = bench.settled.map(({ fate }) => fate);
    expect(fates.slice(0, max)).toEqual(Array(max).fill('dead-lettered'));
    expect(new Set(fates.slice(max))).toEqual(new Set(['parked']));
    // After 2, 4, 8 … 512 seconds.
    expect(fates.length - max).toBe(9);
    expect(bench.settled.at(-1)).toMatchObject({ reason: 'not-base64', outcome: 'reject' });
  });

  it('dead-letters a poison message on a FIFO queue although its count has reached the maximum', async () => {
    const dead = createMemoryQueue({ name: 'dead' });
    const bench = new Bench(undefined, {
      queue: { fifo: true },
      poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 },
    });
    // Every sender can write a count.
    const attributes = { 'thrift-dead-letter': '{"count":3}' };
    await bench.queue.send([{ body: REFUSED, attributes, groupId: 'g' }]);
    await bench.send(range(5), { groupId: 'g' });
    await bench.start(10);
    expect([bench.handled, bench.left]).toEqual([range(5), 0]);
    expect(bench.settled[0]).toMatchObject({ outcome: 'reject', fate: 'dead-lettered' });
    const [letter] = dead.messages();
    expect(JSON.parse(letter!.attributes!['thrift-dead-letter']!)).toMatchObject({ reason: 'not-base64', count: 4 });
  });

  it('dead-letters a redriven message each time when its ten attributes leave no space for a count', async () => {
    const attributes = Object.fromEntries(range(10).map((n) => [`a${n}`, 'x']));
    const dead = createMemoryQueue({ name: 'dead' });
    const bench = new Bench(undefined, { poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 1 } });
    await bench.queue.send([{ body: REFUSED, attributes }]);
    await bench.start(10);
    for (let round = 0; round < 5; round += 1) {
      expect(dead.messages()).toMatchObject([{ body: REFUSED, attributes }]);
      await moveBack(bench, dead);
      await bench.clock.advance(1_000);
    }
    expect(bench.settled.map(({ fate }) => fate)).toEqual(Array(6).fill('dead-lettered'));
  });
});

describe('retry.maxReceives', () => {
  const failing = (): never => {
    throw new Error('the disk is full');
  };

  it('dead-letters a message with its last error when its handler fails maxReceives times', async () => {
    const dead = createMemoryQueue({ name: 'dead' });
    const bench = new Bench(failing, {
      poisonPolicy: { type: 'dead-letter', deadLetters: dead, max: 3 },
      retry: { baseSeconds: 1, maxReceives: 3 },
    });
    await bench.send([1]);
    await bench.start(60_000);
    expect([bench.outcomes, bench.left]).toEqual([['retry', 'retry', 'reject'], 0]);
    const [letter] = await dead.receive({ max: 10, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    expect(letter?.body).toBe(body(1));
    expect(JSON.parse(letter!.attributes['thrift-dead-letter']!)).toEqual({
      reason: 'too-many-receives',
      detail: 'the disk is full',
      queue: 'memory',
      messageId: bench.settled[0]!.messageId,
      receiveCount: 3,
      count: 1,
    });
  });

  it('counts deliveries whose handler asks for a retry toward maxReceives', async () => {
    const asking = (): never => {
      throw new Asks({ type: 'retry', delaySeconds: 1 });
    };
    const bench = new Bench(asking, { poisonPolicy: { type: 'drop' }, retry: { maxReceives: 2 } });
    await bench.send([1]);
    await bench.start(10_000);
    expect([bench.outcomes, bench.left]).toEqual([['retry', 'reject'], 0]);
  });

  it('acknowledges a message whose handler succeeds in the last allowed delivery', async () => {
    const bench = new Bench((_, { message }) => (message.receiveCount < 3 ? failing() : undefined), {
      poisonPolicy: { type: 'drop' },
      retry: { baseSeconds: 1, maxReceives: 3 },
    });
    await bench.send([1]);
    await bench.start(60_000);
    expect(bench.outcomes).toEqual(['retry', 'retry', 'ack']);
  });
});
