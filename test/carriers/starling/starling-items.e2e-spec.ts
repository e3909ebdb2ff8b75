import { afterEach, describe, expect, it } from '@jest/globals';
import type { Release } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import type { StarlingQueue } from '#lib/carriers/starling/starling-queue.js';
import type { EmbeddedStarling } from '#lib/testing.js';
import { endAll, openQueue, receive, receiveOne, startServer, textOf } from './harness.js';

afterEach(endAll);

const back = (message: ReceivedMessage, seconds = 0, cause: Release['cause'] = 'failed'): Release[] => [
  { message, seconds, cause },
];
const OK = [{ ok: true }];

describe('a queue in the dialect starling', () => {
  it('has the only copy of an item in hand', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    const message = await receiveOne(queue);
    expect(server.items('q')).toEqual([]);
    expect(await queue.acknowledge([message])).toEqual(OK);
    expect(server.items('q')).toEqual([]);
  });

  it('stores a failed item again at once if it need not wait, and counts its deliveries', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    server.put('q', 'b');
    expect(await queue.release(back(await receiveOne(queue)))).toEqual(OK);
    expect(server.items('q').map(String)).toEqual(['b', 'a']);
    await receiveOne(queue);
    expect(await receiveOne(queue)).toMatchObject({ receiveCount: 2 });
  });

  it('keeps a failed item in memory until its next delivery, and stores it when it is closed', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    for (const text of ['a', 'b', 'c']) server.put('q', text);
    const first = await receiveOne(queue);
    await queue.release(back(first, 0.05));
    await queue.release(back(await receiveOne(queue), 600));
    const third = await receiveOne(queue);
    const again = await receiveOne(queue);
    expect(again).toMatchObject({ id: first.id, receiveCount: 2 });
    expect(textOf(third)).toBe('c');
    await queue.acknowledge([again]);
    await queue.close();
    expect(server.items('q').map(String).sort()).toEqual(['b', 'c']);
  });

  it('keeps an item in memory that cannot be stored again', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    const message = await receiveOne(queue);
    server.fail((line) => (line.startsWith('set') ? { answer: 'NOT STORED\r\n' } : undefined));
    expect(await queue.release(back(message))).toEqual(OK);
    expect(await receiveOne(queue)).toMatchObject({ id: message.id, receiveCount: 2 });
  });

  it('reports how many messages are lost when a close cannot store them', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    await receiveOne(queue);
    await server.crash();
    await expect(queue.close()).rejects.toMatchObject({
      code: 'ItemsLost',
      message: expect.stringContaining('1 of 1 messages in hand could not be stored again, and are lost'),
    });
  });

  it('returns the item of a question that was open during the abort', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    const abort = new AbortController();
    const receiving = receive(queue, { signal: abort.signal });
    abort.abort();
    expect((await receiving).map(textOf)).toEqual(['a']);
  });

  it('stores the item of a question that was open during a close', async () => {
    const server = await startServer('starling');
    const queue = await openQueue(server);
    server.put('q', 'a');
    const receiving = receive(queue).catch((error: Error) => error);
    await queue.close();
    expect(await receiving).toMatchObject({ code: 'QueueClosed' });
    expect(server.items('q').map(String)).toEqual(['a']);
  });

  describe('of which several items are asked for at once', () => {
    const TEXTS = Array.from({ length: 12 }, (_, at) => `${at}`);

    /** Opens a queue that has learned that its server has several items. Twelve more are there. */
    async function openBusyQueue(): Promise<[EmbeddedStarling, StarlingQueue]> {
      const server = await startServer('starling');
      const queue = await openQueue(server);
      for (let at = 0; at < 14; at += 1) server.put('q', 'before');
      for (let left = 14; left > 0;) left -= (await receive(queue, { max: Math.min(left, 8) })).length;
      for (const text of TEXTS) server.put('q', text);
      return [server, queue];
    }

    it('asks for as many as the receive takes, in one write on one connection', async () => {
      const [server, queue] = await openBusyQueue();
      expect((await receive(queue, { max: 8 })).map(textOf)).toEqual(TEXTS.slice(0, 8));
      expect(server.items('q').map(String)).toEqual(TEXTS.slice(8));
      expect(server.connections).toBe(1);
    });

    it('takes what there is, and then asks for one item at a time', async () => {
      const [server, queue] = await openBusyQueue();
      await receive(queue, { max: 8 });
      expect((await receive(queue, { max: 8 })).map(textOf)).toEqual(TEXTS.slice(8));
      await receive(queue, { waitSeconds: 0 });
      const before = server.commands.length;
      expect(await receive(queue, { waitSeconds: 0 })).toEqual([]);
      expect(server.commands.length - before).toBe(1);
    });

    it.each([
      ['the connection ends', 'disconnect', 'ConnectionClosed'],
      ['an answer is broken', { answer: 'VALUE q 0 2\r\ntwo\r\nEND\r\n' }, 'ProtocolError'],
      ['an answer is missing', 'silence', 'NoAnswer'],
    ] as const)('hands out the items that came before %s, and reports the failure next', async (_, fault, code) => {
      const [server, queue] = await openBusyQueue();
      let gets = 0;
      server.fail((line) => (line === 'get q' && (gets += 1) === 4 ? fault : undefined));
      expect((await receive(queue, { max: 8 })).map(textOf)).toEqual(TEXTS.slice(0, 3));
      await expect(receive(queue)).rejects.toMatchObject({ code, kind: 'network' });
      expect((await receive(queue, { max: 1 })).length).toBe(1);
    });

    it('loses no more than the receive asked for when the answers are lost', async () => {
      const [server, queue] = await openBusyQueue();
      server.fail((line) => (line === 'get q' ? 'lose-answer' : undefined));
      await expect(receive(queue, { max: 8 })).rejects.toMatchObject({ code: 'ConnectionClosed' });
      expect(server.items('q').length).toBeGreaterThanOrEqual(TEXTS.length - 8);
    });

    it('returns all items of questions that were open during the abort', async () => {
      const [server, queue] = await openBusyQueue();
      const abort = new AbortController();
      const receiving = receive(queue, { max: 8, signal: abort.signal });
      abort.abort();
      expect((await receiving).map(textOf)).toEqual(TEXTS.slice(0, 8));
      expect(server.items('q').length).toBe(4);
    });

    it('stores all items of questions that were open during a close', async () => {
      const [server, queue] = await openBusyQueue();
      const receiving = receive(queue, { max: 8 }).catch((error: Error) => error);
      await queue.close();
      expect(await receiving).toMatchObject({ code: 'QueueClosed' });
      expect(server.items('q').map(String)).toEqual(expect.arrayContaining([...TEXTS]));
    });
  });
});
