import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../../lib/queue/wire-message.js';
import { createMemoryQueue, type MemoryQueue } from '../../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';
import type { MemoryQueueOptions } from '../../../lib/carriers/memory/memory-queue-options.js';

const HOUR = 3600;
let clock: VirtualClock;
beforeEach(() => {
  clock = new VirtualClock();
});

function open(options: MemoryQueueOptions = {}): MemoryQueue {
  return createMemoryQueue({ clock, ...options });
}

async function receiveOne(queue: MemoryQueue, visibilityTimeoutSeconds = 30): Promise<ReceivedMessage> {
  const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds });
  if (message === undefined) throw new Error('nothing to receive');
  return message;
}

describe('a lease in memory', () => {
  let queue: MemoryQueue;
  let message: ReceivedMessage;
  beforeEach(async () => {
    queue = open();
    await queue.send([{ body: 'x' }]);
    message = await receiveOne(queue);
  });

  it('ends a lease at the exact millisecond', async () => {
    await clock.advance(29_999);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.advance(1);
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('refuses to extend a lease that has ended', async () => {
    await clock.advance(30_000);
    expect(await queue.release([{ message, seconds: 30, cause: 'failed' }])).toMatchObject([
      { ok: false, error: { code: 'MessageNotInflight', kind: 'lease-lost' } },
    ]);
  });

  it('deletes a message after its lease ends while no other receiver holds the message', async () => {
    await clock.advance(30_000);
    expect(await queue.acknowledge([message])).toEqual([{ ok: true }]);
    expect(queue.messages()).toEqual([]);
  });

  it('refuses to delete a message with the receipt of an earlier delivery', async () => {
    await clock.advance(30_000);
    const again = await receiveOne(queue);
    expect(await queue.acknowledge([message])).toMatchObject([
      { ok: false, error: { kind: 'lease-lost', retryable: false } },
    ]);
    expect(await queue.acknowledge([again])).toEqual([{ ok: true }]);
  });

  it('refuses to extend the lease of a deleted message', async () => {
    await queue.acknowledge([message]);
    expect(await queue.release([{ message, seconds: 0, cause: 'failed' }])).toMatchObject([
      { ok: false, error: { kind: 'lease-lost' } },
    ]);
  });

  it('limits a lease to 12 hours from the receive, extensions included', async () => {
    expect(await queue.release([{ message, seconds: 12 * HOUR, cause: 'failed' }])).toEqual([{ ok: true }]);
    await clock.advance(6 * HOUR * 1000);
    expect(await queue.release([{ message, seconds: 6 * HOUR + 1, cause: 'failed' }])).toMatchObject([
      { ok: false, error: { kind: 'invalid' } },
    ]);
    expect(await queue.release([{ message, seconds: 6 * HOUR, cause: 'failed' }])).toEqual([{ ok: true }]);
  });

  it('refuses an unknown receipt', async () => {
    expect(await queue.acknowledge([{ ...message, receipt: 'nonsense' }])).toMatchObject([
      { ok: false, error: { kind: 'lease-lost' } },
    ]);
  });

  it('refuses to delete a FIFO message after its lease ends', async () => {
    const fifo = open({ fifo: true });
    await fifo.send([{ body: 'x', groupId: 'g', deduplicationId: 'd' }]);
    const first = await receiveOne(fifo);
    await clock.advance(30_000);
    expect(await fifo.acknowledge([first])).toMatchObject([{ ok: false, error: { kind: 'lease-lost' } }]);
    expect(fifo.depth().visible).toBe(1);
  });
});

describe('long polls in memory', () => {
  const poll = { max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 30 };

  it('serves long polls in order of arrival, each message once', async () => {
    const queue = open();
    const order: string[] = [];
    const polls = ['a', 'b', 'c'].map((name) =>
      queue.receive(poll).then((got) => order.push(`${name}:${got[0]?.body as string}`)),
    );
    await queue.send([{ body: '1' }, { body: '2' }]);
    await Promise.all(polls.slice(0, 2));
    expect(order).toEqual(['a:1', 'b:2']);
    await queue.send([{ body: '3' }]);
    await polls[2];
    expect(order).toEqual(['a:1', 'b:2', 'c:3']);
    expect(clock.pending).toBe(0);
  });

  it('an aborted long poll leaves no timer and takes no message', async () => {
    const queue = open();
    const abort = new AbortController();
    const aborted = queue.receive({ ...poll, signal: abort.signal });
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'RequestAborted' });
    expect(clock.pending).toBe(0);
    await queue.send([{ body: 'x' }]);
    expect(queue.depth().visible).toBe(1);
  });

  it('a long poll receives a message that becomes visible at the end of the poll', async () => {
    const queue = open();
    await queue.send([{ body: 'x', delaySeconds: 20 }]);
    const got = queue.receive(poll);
    await clock.advance(20_000);
    expect(await got).toHaveLength(1);
  });

  it('a long poll on a FIFO queue receives the next message when the message group is free again', async () => {
    const queue = open({ fifo: true });
    await queue.send(['1', '2'].map((body) => ({ body, groupId: 'g', deduplicationId: body })));
    const first = await receiveOne(queue);
    const waiting = queue.receive(poll);
    await queue.acknowledge([first]);
    expect(await waiting).toMatchObject([{ body: '2' }]);
  });
});

describe('deduplication in memory', () => {
  const message = { body: 'x', groupId: 'g' };

  it('forgets a deduplication id after 5 minutes, even for a deleted message', async () => {
    const queue = open({ fifo: true, contentBasedDeduplication: true });
    const [first] = await queue.send([message]);
    await queue.acknowledge([await receiveOne(queue)]);
    await clock.advance(299_999);
    expect(await queue.send([message])).toEqual([first]);
    expect(queue.messages()).toEqual([]);
    await clock.advance(1);
    const [second] = await queue.send([message]);
    expect(second).not.toEqual(first);
    expect(queue.messages()).toHaveLength(1);
  });

  it('deduplicates by content on the body only', async () => {
    const queue = open({ fifo: true, contentBasedDeduplication: true });
    await queue.send([message, { ...message, attributes: { other: 'attribute' } }, { ...message, body: 'y' }]);
    expect(queue.messages().map(({ body }) => body)).toEqual(['x', 'y']);
  });
});

describe('redrive in memory', () => {
  it('moves a message within a receive and keeps its attributes, count and sent time', async () => {
    const deadLetterQueue = open({ name: 'dead' });
    const queue = open({ redrive: { maxReceiveCount: 1, deadLetterQueue } });
    await queue.send([{ body: 'x', attributes: { k: 'v' } }]);
    const sentAt = clock.now();
    await receiveOne(queue, 1);
    const waiting = deadLetterQueue.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 30 });
    await clock.advance(1000);
    expect(await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 1 })).toEqual([]);
    expect(await waiting).toMatchObject([{ body: 'x', attributes: { k: 'v' }, receiveCount: 2, sentAt }]);
  });

  it('refuses a dead-letter queue of the other type', () => {
    const deadLetterQueue = open({ name: 'dead' });
    expect(() => open({ fifo: true, redrive: { maxReceiveCount: 1, deadLetterQueue } })).toThrow(
      'InvalidOption: a dead-letter queue must be of the same type as "memory.fifo". Make both FIFO or neither.',
    );
  });
});

describe('inspecting a queue in memory', () => {
  it('returns every message with its state and changes nothing', async () => {
    const queue = open();
    await queue.send([
      { body: 'held', attributes: { k: 'v' } },
      { body: 'later', delaySeconds: 10 },
      { body: 'ready', groupId: 'g' },
    ]);
    await receiveOne(queue);
    expect(queue.depth()).toEqual({ visible: 1, inFlight: 1, delayed: 1 });
    expect(queue.messages()).toMatchObject([
      { body: 'held', state: 'inFlight', receiveCount: 1, attributes: { k: 'v' } },
      { body: 'later', state: 'delayed', receiveCount: 0 },
      { body: 'ready', state: 'visible', groupId: 'g' },
    ]);
    expect(queue.messages()).toEqual(queue.messages());
  });

  it('keeps the sent attributes when the caller changes the object afterwards', async () => {
    const queue = open();
    const attributes = { k: 'v' };
    await queue.send([{ body: 'x', attributes }]);
    attributes.k = 'changed';
    expect(queue.messages()).toMatchObject([{ attributes: { k: 'v' } }]);
  });
});
