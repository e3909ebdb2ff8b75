import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStarlingSender } from '#lib/carriers/starling/open-starling-queue.js';
import { endAll, endLater } from './harness.js';

afterEach(endAll);

/** Starts a server that calls `flood` with each connection that has sent something. */
async function startFlood(flood: (socket: Socket) => NodeJS.Timeout): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', () => {
      const timer = flood(socket);
      socket.once('close', () => clearInterval(timer));
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endLater(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('a server that never ends an answer', () => {
  it.each([
    ['counters without an end', 'STAT uptime 1\r\n'],
    ['a line in single bytes', 'S'],
  ])('gets the time of one answer: %s', async (_, text) => {
    const port = await startFlood((socket) => setInterval(() => socket.write(text), 5));
    // The first question of a sender is the one for counters.
    const opening = openStarlingSender({ queue: 'q', host: '127.0.0.1', port, dialect: 'starling', timeoutMs: 400 });
    await expect(opening).rejects.toMatchObject({ code: 'NoAnswer', kind: 'network' });
  });
});
