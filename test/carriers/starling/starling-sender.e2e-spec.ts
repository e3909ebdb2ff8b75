import { afterEach, describe, expect, it } from '@jest/globals';
import { openStarlingSender } from '#lib/carriers/starling/open-starling-queue.js';
import type { EmbeddedStarling } from '#lib/testing.js';
import { bytes, endAll, endLater, startServer, textOf } from './harness.js';

afterEach(endAll);

async function openSender({ port }: EmbeddedStarling) {
  const sender = await openStarlingSender({ queue: 'q', port, timeoutMs: 400 });
  endLater(() => sender.close());
  return sender;
}

const failed = (code: string, kind: string, retryable: boolean): unknown => ({
  ok: false,
  error: expect.objectContaining({ code, kind, retryable, queue: 'q' }),
});
const DONE = expect.objectContaining({ ok: true });

describe('a sender to a queue of Starling', () => {
  it.each(['starling', 'siberite', 'kestrel'] as const)(
    'sends a batch in one write over one connection: %s',
    async (kind) => {
      const server = await startServer(kind);
      const sender = await openSender(server);
      const messages = Array.from({ length: 64 }, (_, at) => bytes(`${at}`));
      expect(await sender.send(messages)).toEqual(messages.map(() => DONE));
      expect(server.items('q').map(String)).toEqual(messages.map(textOf));
      expect(server.connections).toBe(1);
    },
  );

  it.each([
    ['NOT_STORED', 'NotStored', 'service', true],
    ['NOT STORED', 'NotStored', 'service', true],
    ['SERVER_ERROR out of memory', 'ServerError', 'service', true],
    ['CLIENT_ERROR bad command line format', 'ClientError', 'invalid', false],
    ['ERROR', 'CommandRefused', 'invalid', false],
    ['HTTP/1.1 400 Bad Request', 'ProtocolError', 'network', true],
  ])('fails a message to which the server answers %s', async (answer, code, kind, retryable) => {
    const server = await startServer();
    const sender = await openSender(server);
    server.fail((line) => (line.startsWith('set') ? { answer: `${answer}\r\n` } : undefined));
    expect(await sender.send([bytes('a')])).toEqual([failed(code, kind, retryable)]);
    server.fail(() => undefined);
    expect(await sender.send([bytes('b')])).toEqual([DONE]);
    expect(server.items('q').map(String)).toEqual(['b']);
  });

  it('answers each message of a batch by itself, and the messages after an error as unknown', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    let sets = 0;
    server.fail((line) => {
      if (!line.startsWith('set')) return undefined;
      sets += 1;
      if (sets === 2) return { answer: 'NOT_STORED\r\n' };
      return sets === 4 ? { answer: 'SERVER_ERROR down\r\n' } : undefined;
    });
    expect(await sender.send(['a', 'b', 'c', 'd', 'e'].map(bytes))).toEqual([
      DONE,
      failed('NotStored', 'service', true),
      DONE,
      failed('ServerError', 'service', true),
      failed('ProtocolError', 'network', true),
    ]);
  });

  it('says that a message may be stored or not when its answer is lost', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    server.fail((line) => (line.startsWith('set') ? 'lose-answer' : undefined));
    const lost = await sender.send([bytes('a')]).catch((error: Error) => error);
    expect(lost).toMatchObject({ code: 'ConnectionClosed', kind: 'network', retryable: true });
    expect((lost as Error).message).toContain('may have taken effect or not');
    expect(server.items('q').map(String)).toEqual(['a']);
  });

  it('gives up a server that says nothing, and closes the connection', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    server.fail((line) => (line.startsWith('set') ? 'silence' : undefined));
    const error = await sender.send([bytes('a')]).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'NoAnswer', kind: 'network', retryable: true });
    expect((error as Error).message).toContain(`the queue "q" at 127.0.0.1:${server.port}: no answer for 400 ms`);
    server.fail(() => undefined);
    expect(await sender.send([bytes('b')])).toEqual([DONE]);
  });

  it('says the same of a Starling whose item had another length', async () => {
    const server = await startServer('starling');
    const sender = await openSender(server);
    server.fail((line) => (line.startsWith('set') ? 'silence' : undefined));
    await expect(sender.send([bytes('a')])).rejects.toMatchObject({ code: 'NoAnswer' });
  });

  it('reads answers that come in single bytes', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    server.fail(() => 'bytes');
    expect(await sender.send([bytes('a'), bytes('b')])).toEqual([DONE, DONE]);
    await sender.check!();
  });

  it('rejects while no server listens, and goes on after its restart', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    await server.crash();
    // The first call may use the connection before its end has arrived.
    await expect(sender.send([bytes('a')])).rejects.toMatchObject({ kind: 'network' });
    await expect(sender.check!()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await sender.send([bytes('a')])).toEqual([DONE]);
  });

  it.each([
    ['text', { body: 'text' }, 'TextBody'],
    ['no body', { body: new Uint8Array() }, 'EmptyBody'],
    ['attributes', { ...bytes('a'), attributes: { tenant: 'acme' } }, 'AttributesRefused'],
    ['a delay', { ...bytes('a'), delaySeconds: 1 }, 'DelayRefused'],
    ['too many bytes', { body: new Uint8Array(16_384_001) }, 'BodyTooLong'],
  ])('refuses a message with %s before any command', async (_, message, code) => {
    const server = await startServer();
    const sender = await openSender(server);
    expect(await sender.send([message])).toEqual([failed(code, 'invalid', false)]);
    expect(server.commands.filter((line) => line.startsWith('set'))).toEqual([]);
  });

  it('sends the largest message', async () => {
    const server = await startServer();
    const sender = await openSender(server);
    const body = new Uint8Array(16_384_000).fill(7);
    expect(await sender.send([{ body }])).toEqual([DONE]);
    expect(server.items('q')[0]!.equals(body)).toBe(true);
  });
});
