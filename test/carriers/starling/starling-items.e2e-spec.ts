import { afterEach, describe, expect, it } from '@jest/globals';
import type { Release } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
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
});
