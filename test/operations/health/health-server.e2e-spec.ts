import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthServer, jsonAnswer } from '#lib/operations/health/health-server.js';
import { closeAll, closeLater } from '../../nest/harness.js';

afterEach(closeAll);

const HOST = '127.0.0.1';

async function started(requestMs?: number): Promise<HealthServer> {
  const server = closeLater(
    new HealthServer((path) => (path === '/live' ? jsonAnswer(200, {}) : undefined), requestMs),
  );
  await server.listen(0, HOST);
  return server;
}

function connected({ port }: HealthServer, text = ''): Socket {
  const socket = connect(port!, HOST);
  socket.on('error', () => undefined).resume();
  socket.write(text);
  return socket;
}

async function codeOf({ port }: HealthServer): Promise<number> {
  return (await fetch(`http://${HOST}:${port}/live`)).status;
}

describe('a HealthServer', () => {
  it('cuts off clients that send slowly or nothing, and answers others meanwhile', async () => {
    const server = await started(300);
    const slow = Array.from({ length: 40 }, (_, at) =>
      connected(server, at % 2 === 0 ? 'GET /live HTTP/1.1\r\nhost: a\r\nx: ' : ''),
    );
    expect(await codeOf(server)).toBe(200);
    await Promise.all(slow.map((socket) => once(socket, 'close')));
    expect(await codeOf(server)).toBe(200);
  });

  it('drops connections beyond its limit, and answers again once others have ended', async () => {
    const server = await started(300);
    const many = Array.from({ length: 100 }, () => connected(server));
    await Promise.all(many.map((socket) => once(socket, 'close')));
    expect(await codeOf(server)).toBe(200);
  });

  it('ends each connection after one answer, and closes at once with connections open', async () => {
    const server = await started();
    const socket = connected(server, 'GET /live HTTP/1.1\r\nhost: a\r\n\r\nGET /live HTTP/1.1\r\nhost: a\r\n\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    const idle = connected(server);
    await once(idle, 'connect');
    await server.close();
    await server.close();
    expect(server.port).toBeUndefined();
  });

  it('answers nonsense with the end of the connection', async () => {
    const server = await started();
    await once(connected(server, 'nonsense\r\n\r\n'), 'close');
    expect(await codeOf(server)).toBe(200);
  });
});
