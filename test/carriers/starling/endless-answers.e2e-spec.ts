import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStarlingQueue, openStarlingSender } from '#lib/carriers/starling/open-starling-queue.js';
import { endAll, endLater, receive } from './harness.js';

afterEach(endAll);

/** Milliseconds between two writes of a server that never ends an answer. */
const EVERY_MS = 5;

/** Starts a server. Returns its port. */
async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endLater(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** Starts a server that answers `END` until a command begins with a word. Then it writes a text again and again. */
function startEndless(command: string, begin: string, text: string): Promise<number> {
  return listen((socket) => {
    socket.on('data', (line) => {
      if (!line.toString().startsWith(command)) return void socket.write('END\r\n');
      socket.write(begin);
      const timer = setInterval(() => socket.write(text), EVERY_MS);
      socket.once('close', () => clearInterval(timer));
    });
  });
}

const options = { queue: 'q', host: '127.0.0.1', dialect: 'starling', timeoutMs: 400 } as const;
const NO_ANSWER = { code: 'NoAnswer', kind: 'network' };

describe.each([
  ['counters without an end', '', 'STAT uptime 1\r\n'],
  ['a line in single bytes', '', 'S'],
  // It would take a quarter of an hour.
  ['an item in single bytes', 'VALUE q 0 200000\r\n', 'x'],
  ['the line behind an item in single bytes', 'VALUE q 0 1\r\nx\r\n', 'E'],
])('a server that never ends an answer gets the time of one: %s', (_, begin, text) => {
  it('when a sender opens', async () => {
    const port = await startEndless('stats', begin, text);
    await expect(openStarlingSender({ ...options, port })).rejects.toMatchObject(NO_ANSWER);
  });

  it('during a receive', async () => {
    const queue = await openStarlingQueue({ ...options, port: await startEndless('get', begin, text) });
    await expect(receive(queue)).rejects.toMatchObject(NO_ANSWER);
    await queue.close();
  });

  it('during a close, which waits for the receive', async () => {
    const queue = await openStarlingQueue({ ...options, port: await startEndless('get', begin, text) });
    const receiving = receive(queue).catch((error: unknown) => error);
    await queue.close();
    expect(await receiving).toMatchObject(NO_ANSWER);
  });
});

/** Starts a server that gives the answers of a command in order, and none after the last. */
function startScripted(answersTo: Readonly<Record<string, readonly string[]>>): Promise<number> {
  const left = new Map(Object.entries(answersTo).map(([name, answers]) => [name, [...answers]]));
  return listen((socket) => {
    socket.on('data', (bytes) => {
      for (const line of bytes.toString('latin1').split('\r\n')) {
        socket.write(left.get(line.split(' ')[0]!)?.shift() ?? '');
      }
    });
  });
}

const item = (text: string): string => `VALUE q 0 ${text.length}\r\n${text}\r\nEND\r\n`;

describe('several commands on one connection', () => {
  it('give a silent server the time of the last command, however long the one before might have taken', async () => {
    const port = await startScripted({ stats: ['END\r\n'], set: ['STORED\r\n'] });
    const queue = await openStarlingQueue({ ...options, port });
    // 10 MB may take ten seconds.
    await queue.send([{ body: Buffer.alloc(10_000_000) }]);
    const from = performance.now();
    await expect(receive(queue, { waitSeconds: 0 })).rejects.toMatchObject(NO_ANSWER);
    expect(performance.now() - from).toBeLessThan(5_000);
    await queue.close();
  });

  it('keep the items behind a wrong answer', async () => {
    const gets = [item('a'), item('b'), item('c'), 'STORED\r\n', item('d'), item('e')];
    const queue = await openStarlingQueue({ ...options, port: await startScripted({ stats: ['END\r\n'], get: gets }) });
    expect(await receive(queue)).toHaveLength(2);
    expect((await receive(queue)).map(({ body }) => String(body))).toEqual(['c', 'd', 'e']);
    await expect(receive(queue)).rejects.toThrow('STORED');
    await queue.close().catch(() => undefined);
  });
});
