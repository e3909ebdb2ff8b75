import { afterEach, describe, expect, it } from '@jest/globals';
import type { StarlingQueue } from '#lib/carriers/starling/starling-queue.js';
import type { ReceivedMessage } from '#lib/queue/wire-message.js';
import type { EmbeddedStarling } from '#lib/testing.js';
import { VirtualClock } from '#lib/testing.js';
import { endAll, openQueue, receive, receiveOne, startServer, textOf, until } from './harness.js';

afterEach(endAll);

const OK = [{ ok: true }];

interface Busy {
  readonly server: EmbeddedStarling;
  readonly queue: StarlingQueue;
  readonly clock: VirtualClock;
  /** The last message of a full receive behind another one. */
  readonly message: ReceivedMessage;
}

/** Opens a queue whose receives of one message came back full, and acknowledges all but the last. */
async function openBusyQueue(kind: 'siberite' | 'kestrel', ...texts: readonly string[]): Promise<Busy> {
  const server = await startServer(kind);
  const clock = new VirtualClock();
  const queue = await openQueue(server, { clock });
  for (const text of ['first', 'second', ...texts]) server.put('q', text);
  await queue.acknowledge([await receiveOne(queue)]);
  return { server, queue, clock, message: await receiveOne(queue) };
}

describe.each(['siberite', 'kestrel'] as const)('a queue that is never empty, on a %s', (kind) => {
  it('ends an item and takes the next one with one command', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a', 'b');
    const before = server.commands.length;
    expect(await queue.acknowledge([message])).toEqual(OK);
    const a = await receiveOne(queue);
    expect(textOf(a)).toBe('a');
    expect(await queue.acknowledge([a])).toEqual(OK);
    const b = await receiveOne(queue);
    expect(textOf(b)).toBe('b');
    expect(server.commands.slice(before)).toEqual(['get q/close/open', 'get q/close/open']);
    expect([server.openItems('q'), server.connections]).toEqual([1, 1]);
  });

  it('ends the last item alone, and every item after it until receives are full again', async () => {
    const { server, queue, message } = await openBusyQueue(kind);
    expect(await queue.acknowledge([message])).toEqual(OK);
    expect([server.openItems('q'), server.items('q')]).toEqual([0, []]);
    server.put('q', 'a');
    expect(await queue.acknowledge([await receiveOne(queue)])).toEqual(OK);
    expect(server.commands.at(-1)).toBe('get q/close');
  });

  it('returns the next item to the server if no receive takes it within 250 ms, and asks for no other', async () => {
    const { server, queue, clock, message } = await openBusyQueue(kind, 'a', 'b');
    await queue.acknowledge([message]);
    await clock.advance(249);
    expect(server.items('q').map(String)).toEqual(['b']);
    await clock.advance(1);
    await until(() => server.openItems('q') === 0);
    expect(server.items('q').map(String)).toEqual(['a', 'b']);
    const again = await receiveOne(queue);
    expect([textOf(again), again.receiveCount]).toEqual(['a', 1]);
    await queue.acknowledge([again]);
    expect(server.commands.at(-1)).toBe('get q/close');
  });

  it('returns the next item to the server when it is closed', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a', 'b');
    await queue.acknowledge([message]);
    await queue.close();
    expect(server.items('q').map(String)).toEqual(['a', 'b']);
  });

  it('delivers the next item once if its connection ends before a receive', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a');
    await queue.acknowledge([message]);
    await server.disconnect();
    await until(() => server.items('q').length === 1);
    // The end of the connection has arrived once a later answer has.
    await queue.check();
    expect((await receive(queue, { waitSeconds: 0 })).map(textOf)).toEqual(['a']);
    expect(await receive(queue, { waitSeconds: 0 })).toEqual([]);
  });

  it('does not know if the item is gone when the answer to its end is lost, and loses none', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a');
    server.fail((line) => (line === 'get q/close/open' ? 'lose-answer' : undefined));
    expect(await queue.acknowledge([message])).toMatchObject([{ ok: false, error: { kind: 'network' } }]);
    server.fail(() => undefined);
    expect(await queue.acknowledge([message])).toMatchObject([{ ok: false, error: { kind: 'lease-lost' } }]);
    expect((await receive(queue, { waitSeconds: 0 })).map(textOf)).toEqual(['a']);
  });

  it('keeps the item when the server refuses its end', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a');
    server.fail((line) => (line === 'get q/close/open' ? { answer: 'SERVER_ERROR down\r\n' } : undefined));
    expect(await queue.acknowledge([message])).toMatchObject([{ ok: false, error: { code: 'ServerError' } }]);
    await until(() => server.openItems('q') === 0);
    expect(server.items('q').map(String)).toEqual(['second', 'a']);
  });

  it('ends no other item when it is acknowledged twice at once', async () => {
    const { server, queue, message } = await openBusyQueue(kind, 'a', 'b');
    const before = server.commands.length;
    expect(
      await Promise.all([
        queue.acknowledge([message, message]),
        queue.discard([{ message, reason: 'handler-rejected' }]),
      ]),
    ).toEqual([[...OK, ...OK], OK]);
    expect(server.commands.slice(before)).toEqual(['get q/close/open']);
    expect([textOf(await receiveOne(queue)), textOf(await receiveOne(queue))]).toEqual(['a', 'b']);
  });

  it('returns no other item when it is released during its acknowledgement', async () => {
    const { queue, message } = await openBusyQueue(kind, 'a', 'b');
    const acknowledging = queue.acknowledge([message]);
    const [released] = await queue.release([{ message, seconds: 0, cause: 'not-started' }]);
    expect(await acknowledging).toEqual(OK);
    expect(released).toMatchObject({ ok: false, error: { kind: 'lease-lost' } });
    expect([textOf(await receiveOne(queue)), textOf(await receiveOne(queue))]).toEqual(['a', 'b']);
  });
});
