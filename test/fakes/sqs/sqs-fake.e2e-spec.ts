import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from '../../../lib/queue/queue.js';
import type { ReceivedMessage } from '../../../lib/queue/wire-message.js';
import { VirtualClock } from '../../../lib/testing/virtual-clock.js';
import { openQueue, receiveNow } from './open-queue.js';
import type { QueueSettings } from './queue-settings.js';
import { startSqsFake, type SqsFake } from './sqs-fake.js';

const MINUTE = 60_000;
const bodies = (messages: readonly ReceivedMessage[]): unknown[] => messages.map(({ body }) => body);

let clock: VirtualClock;
let fake: SqsFake;
let opened: Queue[];
beforeEach(async () => {
  clock = new VirtualClock();
  fake = await startSqsFake({ clock });
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((queue) => queue.close()));
  await fake.stop();
});

async function open(name: string, settings?: QueueSettings): Promise<Queue> {
  fake.createQueue(name, settings);
  const queue = await openQueue(fake, name);
  opened.push(queue);
  return queue;
}

describe('a standard queue of the fake', () => {
  it('delivers a message again when its lease is over', async () => {
    const queue = await open('q');
    const [sent] = await queue.send([{ body: 'one', attributes: { a: 'é' } }]);
    const [first] = await receiveNow(queue);
    expect(first).toMatchObject({ body: 'one', attributes: { a: 'é' }, receiveCount: 1, sentAt: clock.now() });
    expect(sent).toEqual({ ok: true, id: first?.id });
    expect(first).not.toHaveProperty('defect');
    await clock.advance(29_999);
    expect(await receiveNow(queue)).toEqual([]);
    expect(fake.depth('q')).toEqual({ visible: 0, delayed: 0, inFlight: 1 });
    await clock.advance(1);
    expect(await receiveNow(queue)).toMatchObject([{ id: first?.id, receiveCount: 2 }]);
  });

  it('forgets a deleted message and records the time of the delete', async () => {
    const queue = await open('q');
    await queue.send([{ body: 'one' }, { body: 'two' }]);
    const [first] = await receiveNow(queue, 1);
    expect(await queue.acknowledge([first!])).toEqual([{ ok: true }]);
    expect(await queue.acknowledge([first!])).toEqual([{ ok: true }]);
    expect(fake.messages('q').map(({ body }) => body)).toEqual(['two']);
    expect(fake.stored('q').map(({ body, removedAt }) => [body, removedAt])).toEqual([
      ['one', clock.now()],
      ['two', undefined],
    ]);
  });

  it('refuses a visibility change and ignores a delete from an earlier receiver', async () => {
    const queue = await open('q');
    await queue.send([{ body: 'one' }]);
    const [late] = await receiveNow(queue);
    await clock.advance(30_000);
    const [current] = await receiveNow(queue);
    expect(await queue.release([{ message: late!, seconds: 0, cause: 'failed' }])).toMatchObject([{ ok: false }]);
    expect(await queue.acknowledge([late!])).toEqual([{ ok: true }]);
    expect(fake.messages('q')).toMatchObject([{ body: 'one', state: 'in-flight' }]);
    expect(await queue.release([{ message: current!, seconds: 0, cause: 'failed' }])).toEqual([{ ok: true }]);
    expect(await receiveNow(queue)).toMatchObject([{ receiveCount: 3 }]);
  });

  it('holds a delayed message back and drops an expired message', async () => {
    const queue = await open('q', { retentionSeconds: 60 });
    await queue.send([{ body: 'later', delaySeconds: 10 }]);
    expect(fake.depth('q')).toEqual({ visible: 0, delayed: 1, inFlight: 0 });
    await clock.advance(9_999);
    expect(await receiveNow(queue)).toEqual([]);
    await clock.advance(1);
    expect(await receiveNow(queue)).toMatchObject([{ body: 'later' }]);
    await clock.advance(50_000);
    expect(await receiveNow(queue)).toEqual([]);
    expect(fake.messages('q')).toEqual([]);
  });

  it('answers a long poll on a new message, an expired lease or a timeout', async () => {
    const queue = await open('q');
    const poll = async (): Promise<Promise<readonly ReceivedMessage[]>[]> => {
      const arrived = fake.log.arrival(({ action }) => action === 'ReceiveMessage');
      const answer = queue.receive({ max: 1, waitSeconds: 20, visibilityTimeoutSeconds: 5 });
      await arrived;
      return [answer];
    };
    const [sent] = await poll();
    fake.send('q', { body: 'one', attributes: {} });
    expect(await sent).toMatchObject([{ body: 'one', receiveCount: 1 }]);
    const [leased] = await poll();
    await clock.advance(5_000);
    expect(await leased).toMatchObject([{ body: 'one', receiveCount: 2 }]);
    await queue.acknowledge(await leased!);
    const [empty] = await poll();
    await clock.advance(20_000);
    expect(await empty).toEqual([]);
  });

  it('moves a message that was received too often to the dead-letter queue', async () => {
    const dead = await open('dead');
    const queue = await open('q', { redrive: { target: 'dead', maxReceiveCount: 2 } });
    expect(queue.redrive).toMatchObject({ maxReceiveCount: 2 });
    const [sent] = await queue.send([{ body: 'poison' }]);
    for (const receiveCount of [1, 2]) {
      expect(await receiveNow(queue)).toMatchObject([{ receiveCount }]);
      await clock.advance(30_000);
    }
    expect(await receiveNow(queue)).toEqual([]);
    expect(fake.messages('q')).toEqual([]);
    const [moved] = await receiveNow(dead);
    expect(moved).toMatchObject({ id: (sent as { id?: string }).id, body: 'poison', receiveCount: 3 });
    expect(moved?.raw).toMatchObject({
      Attributes: { DeadLetterQueueSourceArn: expect.stringMatching(/:q$/) },
    });
  });

  it('refuses a receive when too many messages are in flight', async () => {
    const queue = await open('q', { maxInFlight: 1 });
    await queue.send([{ body: 'one' }, { body: 'two' }]);
    expect(await receiveNow(queue, 1)).toHaveLength(1);
    await expect(receiveNow(queue)).rejects.toMatchObject({ kind: 'over-limit' });
  });
});

describe('a FIFO queue of the fake', () => {
  const message = (groupId: string, body: string): { body: string; groupId: string; deduplicationId: string } => {
    return { body, groupId, deduplicationId: body };
  };

  it('delivers a message group in order and blocks the group while a message is in flight', async () => {
    const queue = await open('q.fifo');
    await queue.send(['a1', 'a2', 'b1', 'a3'].map((body) => message(body.charAt(0), body)));
    const first = await receiveNow(queue, 1);
    expect(bodies(first)).toEqual(['a1']);
    expect(bodies(await receiveNow(queue))).toEqual(['b1']);
    expect(await receiveNow(queue)).toEqual([]);
    await queue.release([{ message: first[0]!, seconds: 0, cause: 'failed' }]);
    const again = await receiveNow(queue);
    expect(bodies(again)).toEqual(['a1', 'a2', 'a3']);
    expect(again[0]).toMatchObject({ groupId: 'a', receiveCount: 2 });
    await queue.release([
      { message: again[0]!, seconds: 0, cause: 'failed' },
      { message: again[2]!, seconds: 0, cause: 'failed' },
    ]);
    expect(bodies(await receiveNow(queue))).toEqual(['a1']);
    await queue.acknowledge([again[1]!]);
    await clock.advance(30_000);
    expect(bodies(await receiveNow(queue))).toEqual(['b1', 'a1', 'a3']);
  });

  it('stores a deduplication id once in 5 minutes, even after the delete', async () => {
    const queue = await open('q.fifo');
    const [first] = await queue.send([message('a', 'one')]);
    await queue.acknowledge(await receiveNow(queue));
    await clock.advance(5 * MINUTE - 1);
    expect(await queue.send([message('a', 'one')])).toEqual([first]);
    expect(fake.stored('q.fifo')).toHaveLength(1);
    await clock.advance(1);
    const [second] = await queue.send([message('a', 'one')]);
    expect(second).not.toEqual(first);
    expect(fake.stored('q.fifo')).toHaveLength(2);
  });

  it('deduplicates by content when contentBasedDeduplication is set', async () => {
    fake.createQueue('content.fifo', { contentBasedDeduplication: true });
    const draft = { body: 'x', groupId: 'g', attributes: {} };
    const other = { ...draft, attributes: { a: { DataType: 'String', StringValue: 'ignored' } } };
    expect(fake.send('content.fifo', other)).toBe(fake.send('content.fifo', draft));
    expect(fake.messages('content.fifo')).toHaveLength(1);
  });

  it('refuses a delete on a FIFO queue after the lease is over', async () => {
    const queue = await open('q.fifo');
    await queue.send([message('a', 'one')]);
    const late = await receiveNow(queue);
    await clock.advance(30_000);
    expect(await queue.acknowledge(late)).toMatchObject([{ ok: false }]);
    expect(fake.messages('q.fifo')).toHaveLength(1);
  });

  it('keeps the order of a group after thousands of its messages expired', async () => {
    const queue = await open('q.fifo', { retentionSeconds: 60 });
    const store = (from: number, to: number): void => {
      for (let at = from; at < to; at++) fake.send('q.fifo', { ...message('a', `${at}`), attributes: {} });
    };
    store(0, 3000);
    await clock.advance(30_000);
    store(3000, 4000);
    await clock.advance(30_000);
    expect(bodies(await receiveNow(queue, 3))).toEqual(['3000', '3001', '3002']);
    expect(fake.depth('q.fifo')).toEqual({ visible: 997, delayed: 0, inFlight: 3 });
  });
});

describe('the fake as a server', () => {
  it.each([600_000, -600_000])(
    'refuses signatures of a clock that is %i ms off until the client corrects its clock',
    async (skewMs) => {
      const server = await startSqsFake({ checkSignatureTime: true, skewMs });
      server.createQueue('q');
      const queue = await openQueue(server, 'q');
      expect(server.log.count('GetQueueUrl').outcomes).toEqual({ InvalidSignature: 1, ok: 1 });
      expect(await queue.send([{ body: 'x' }])).toMatchObject([{ ok: true }]);
      expect(server.log.count('SendMessageBatch').outcomes).toEqual({ ok: 1 });
      await queue.close();
      await server.stop();
    },
  );

  it('refuses connections for a time and loses no message', async () => {
    const queue = await open('q');
    await queue.send([{ body: 'one' }]);
    await fake.refuseConnections();
    await expect(receiveNow(queue)).rejects.toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
    await fake.acceptConnections();
    expect(bodies(await receiveNow(queue))).toEqual(['one']);
  });

  it('logs every request with its entries and outcome', async () => {
    const queue = await open('q');
    await queue.send([{ body: 'one' }, { body: 'two' }]);
    expect(fake.log.count('SendMessageBatch')).toMatchObject({ requests: 1, entries: 2, outcomes: { ok: 1 } });
    const last = fake.log.requests.at(-1);
    expect(last).toMatchObject({ action: 'SendMessageBatch', number: 1, entries: 2, accessKey: 'fake', outcome: 'ok' });
    expect(last?.body.Entries).toMatchObject([{ MessageBody: 'one' }, { MessageBody: 'two' }]);
    expect(fake.log.open.size).toBe(0);
  });

  it('rejects stop() when a fault script threw', async () => {
    const server = await startSqsFake();
    server.createQueue('q');
    const queue = await openQueue(server, 'q');
    server.faults = () => {
      throw new Error('wrong script');
    };
    await expect(receiveNow(queue)).rejects.toMatchObject({ kind: 'network' });
    await queue.close();
    await expect(server.stop()).rejects.toThrow('wrong script');
  });
});
