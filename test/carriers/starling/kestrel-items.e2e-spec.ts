import { afterEach, describe, expect, it } from '@jest/globals';
import type { Release } from '#lib/queue/queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import { endAll, openQueue, receive, receiveOne, startServer, textOf, until } from './harness.js';

afterEach(endAll);

const back = (message: ReceivedMessage, seconds = 0, cause: Release['cause'] = 'failed'): Release[] => [
  { message, seconds, cause },
];
const OK = [{ ok: true }];
const LOST = [{ ok: false, error: expect.objectContaining({ code: 'ConnectionLost', kind: 'lease-lost' }) }];

describe('a queue in the dialect kestrel', () => {
  it.each(['siberite', 'kestrel'] as const)(
    'holds an item at the server until it is acknowledged: %s',
    async (kind) => {
      const server = await startServer(kind);
      const queue = await openQueue(server);
      server.put('q', 'a');
      const message = await receiveOne(queue);
      expect([textOf(message), server.openItems('q')]).toEqual(['a', 1]);
      expect(await queue.acknowledge([message])).toEqual(OK);
      expect([server.items('q'), server.openItems('q')]).toEqual([[], 0]);
    },
  );

  it('closes a connection whose answer is that of another command', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.fail((command) => (command.startsWith('get ') ? { answer: 'STORED\r\n' } : undefined));
    for (let time = 0; time < 3; time += 1) {
      await expect(receive(queue)).rejects.toMatchObject({ code: 'ProtocolError', kind: 'network' });
    }
    server.fail(() => undefined);
    await until(() => server.connections <= 1);
    server.put('q', 'a');
    expect(textOf(await receiveOne(queue))).toBe('a');
  });

  it('keeps a connection for each item in hand, and uses it again afterwards', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    for (let at = 0; at < 30; at += 1) server.put('q', `${at}`);
    const held: ReceivedMessage[] = [];
    while (held.length < 10) held.push(...(await receive(queue, { max: 10 - held.length })));
    expect([server.openItems('q'), server.connections]).toEqual([10, 10]);
    expect((await queue.acknowledge(held)).every(({ ok }) => ok)).toBe(true);
    for (let left = 20; left > 0;) {
      const more = await receive(queue, { max: 10 });
      left -= more.length;
      await queue.acknowledge(more);
    }
    expect([server.items('q'), server.connections]).toEqual([[], 10]);
  });

  it('asks an empty queue once at a time, ever more slowly', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    await receive(queue, { waitSeconds: 1 });
    const gets = server.commands.filter((line) => line.startsWith('get'));
    // 10, 20, 40, 80, 160 and then 250 ms apart, with some time for a slow machine.
    expect(gets.length).toBeGreaterThanOrEqual(5);
    expect(gets.length).toBeLessThanOrEqual(10);
    expect(server.connections).toBe(1);
  });

  it('delivers a failed item again itself, which stays at the server meanwhile', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    server.put('q', 'b');
    const first = await receiveOne(queue);
    expect(await queue.release(back(first, 0.05))).toEqual(OK);
    expect(server.openItems('q')).toBe(1);
    const other = await receiveOne(queue);
    expect(textOf(other)).toBe('b');
    const again = await receiveOne(queue);
    expect(again).toMatchObject({ id: first.id, receiveCount: 2 });
    expect(again.receipt).not.toBe(first.receipt);
    expect(await queue.acknowledge([again, other])).toEqual([...OK, ...OK]);
    expect(server.openItems('q')).toBe(0);
  });

  it('receives nothing else while maxRetrying items wait', async () => {
    const server = await startServer();
    const queue = await openQueue(server, { maxRetrying: 1 });
    server.put('q', 'a');
    server.put('q', 'b');
    await queue.release(back(await receiveOne(queue), 0.3));
    const next = await receiveOne(queue);
    expect([textOf(next), next.receiveCount, server.items('q').map(String)]).toEqual(['a', 2, ['b']]);
  });

  it('puts an item that was not started back at the head, without counting the delivery', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    server.put('q', 'b');
    await queue.release(back(await receiveOne(queue), 0, 'not-started'));
    expect(server.items('q').map(String)).toEqual(['a', 'b']);
    expect(await receiveOne(queue)).toMatchObject({ receiveCount: 1 });
  });

  it('says that an item is lost when its connection has ended, and counts on at the next delivery', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    server.put('q', 'b');
    const [first, second] = [await receiveOne(queue), await receiveOne(queue)];
    await server.disconnect();
    // The ends of the connections have arrived once a later answer has.
    await queue.check();
    expect(await queue.acknowledge([first])).toEqual(LOST);
    expect(await queue.release(back(second))).toEqual(LOST);
    const again = await receiveOne(queue);
    expect(again.receiveCount).toBe(2);
    expect(await queue.acknowledge([again])).toEqual(OK);
  });

  it('delivers an item that waits for its retry once only when its connection ends', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    await queue.release(back(await receiveOne(queue), 600));
    await server.disconnect();
    const again = await receiveOne(queue);
    expect([textOf(again), again.receiveCount]).toEqual(['a', 2]);
    expect(await receive(queue, { waitSeconds: 0 })).toEqual([]);
  });

  it('does not know if an item is gone when the answer to its end is lost', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    const message = await receiveOne(queue);
    server.fail((line) => (line === 'get q/close' ? 'silence' : undefined));
    const [result] = await queue.acknowledge([message]);
    expect(result).toMatchObject({ ok: false, error: { code: 'NoAnswer', kind: 'network', retryable: true } });
    server.fail(() => undefined);
    // The connection is closed, so another attempt can only say that the server has the item again.
    expect(await queue.acknowledge([message])).toEqual(LOST);
    expect(await receiveOne(queue)).toMatchObject({ receiveCount: 2 });
  });

  it('puts everything back when it is closed', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    for (const text of ['a', 'b']) server.put('q', text);
    await queue.release(back(await receiveOne(queue), 600));
    await receiveOne(queue);
    await queue.close();
    expect(server.items('q').map(String).sort()).toEqual(['a', 'b']);
    await until(() => server.connections === 0);
  });

  it('loses what it holds of a Siberite that is killed, and nothing of a Kestrel', async () => {
    for (const [kind, left] of [
      ['siberite', ['b']],
      ['kestrel', ['a', 'b']],
    ] as const) {
      const server = await startServer(kind);
      const queue = await openQueue(server);
      for (const text of ['a', 'b']) server.put('q', text);
      await receiveOne(queue);
      await server.crash();
      await server.restart();
      expect([kind, server.items('q').map(String)]).toEqual([kind, left]);
    }
  });

  it('takes the items that arrived when another question of the receive fails, and reports the failure next', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    for (const text of ['a', 'b', 'c']) server.put('q', text);
    let gets = 0;
    server.fail((line) => (line === 'get q/open' && (gets += 1) === 1 ? 'disconnect' : undefined));
    expect((await receive(queue, { max: 3 })).map(textOf)).toEqual(['a']);
    await expect(receive(queue)).rejects.toMatchObject({ code: 'ConnectionClosed', kind: 'network' });
    expect((await receive(queue, { max: 3 })).map(textOf)).toEqual(['b', 'c']);
  });

  it('rejects a receive with a broken answer, closes that connection and goes on', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    server.put('q', 'a');
    server.fail((line) => (line.startsWith('get') ? { answer: 'VALUE q 0 2\r\ntwo\r\nEND\r\n' } : undefined));
    await expect(receive(queue)).rejects.toMatchObject({ code: 'ProtocolError', kind: 'network' });
    server.fail(() => undefined);
    expect(textOf(await receiveOne(queue))).toBe('a');
  });

  it('takes a large item that another client has stored, and can copy it', async () => {
    const server = await startServer();
    const queue = await openQueue(server);
    const body = Buffer.alloc(20_000_000, 'x\r\n');
    server.put('q', body);
    const message = await receiveOne(queue);
    expect(body.equals(message.body as Buffer)).toBe(true);
    expect(await queue.send([{ body: message.body, original: message }])).toMatchObject([{ ok: true }]);
  });
});
