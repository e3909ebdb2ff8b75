import { afterEach, describe, expect, it } from '@jest/globals';
import { openStarlingSender } from '#lib/carriers/starling/open-starling-queue.js';
import { bytes, endAll, openQueue, receive, receiveOne, startServer, until } from './harness.js';

afterEach(endAll);

describe('the dialect of a queue', () => {
  it.each([
    ['starling', 'starling'],
    ['siberite', 'kestrel'],
    ['kestrel', 'kestrel'],
  ] as const)('is found by the version of a %s', async (kind, dialect) => {
    expect(await openQueue(await startServer(kind))).toMatchObject({ dialect });
  });

  it('starling asks for no version', async () => {
    const server = await startServer('siberite');
    const queue = await openQueue(server, { dialect: 'starling' });
    server.put('q', 'a');
    await receiveOne(queue);
    expect(server.commands).toEqual(['stats', 'get q']);
  });

  it('kestrel is refused by a Starling, whose answers would look like an empty queue', async () => {
    await expect(openQueue(await startServer('starling'), { dialect: 'kestrel' })).rejects.toMatchObject({
      code: 'WrongDialect',
      kind: 'invalid',
      message: expect.stringContaining("Set the option dialect to 'starling' or 'auto'."),
    });
  });

  it('is checked on each connection, as another server may answer after a restart', async () => {
    const server = await startServer('siberite');
    const queue = await openQueue(server);
    server.fail((line) => (line === 'version' ? { answer: 'CLIENT_ERROR bad command line format\r\n' } : undefined));
    await server.disconnect();
    await expect(receive(queue).then(() => receive(queue))).rejects.toMatchObject({ kind: expect.any(String) });
    await expect(receive(queue)).rejects.toMatchObject({ code: 'WrongDialect', retryable: false });
  });

  it('is not guessed from a server of another kind', async () => {
    const server = await startServer('siberite');
    server.fail(() => ({ answer: 'HTTP/1.1 400 Bad Request\r\n\r\n' }));
    await expect(openQueue(server)).rejects.toMatchObject({ code: 'ProtocolError' });
    server.fail(() => 'silence');
    await expect(openQueue(server)).rejects.toMatchObject({ code: 'NoAnswer' });
    await until(() => server.connections === 0);
  });
});

describe('a memcached', () => {
  // It knows the version and every get, and answers STORED.
  const answer = 'STAT pid 1\r\nSTAT pointer_size 64\r\nSTAT threads 4\r\nEND\r\n';

  it('is refused by both ends, since it is no queue', async () => {
    const server = await startServer('siberite');
    server.fail((line) => (line === 'stats' ? { answer } : undefined));
    const refused = { code: 'NotAQueue', kind: 'invalid', retryable: false };
    await expect(openQueue(server)).rejects.toMatchObject(refused);
    await expect(openStarlingSender({ queue: 'q', port: server.port })).rejects.toMatchObject(refused);
    await until(() => server.connections === 0);
  });
});

describe('a batch of a queue', () => {
  it('may not be empty or too long', async () => {
    const queue = await openQueue(await startServer());
    await expect(queue.send([])).rejects.toMatchObject({ code: 'WrongNumberOfEntries', kind: 'invalid' });
    await expect(queue.send(Array(65).fill(bytes('a')))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(receive(queue, { max: 65 })).rejects.toMatchObject({ code: 'InvalidParameter', kind: 'invalid' });
  });
});
