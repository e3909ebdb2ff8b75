import { describe, expect, it } from '@jest/globals';
import net from 'node:net';
import { HttpSender } from '#lib/carriers/http/http-sender.js';
import type { QueueError } from '#lib/queue/queue-error.js';
import { freePort } from '../../free-port.js';
import { BODY } from './requests.js';
import { ScriptedServer } from './scripted-server.js';
import { closeLater, pair } from './sender-pair.js';

function post(sender: HttpSender): ReturnType<HttpSender['send']> {
  return sender.send([{ body: BODY }]);
}

async function errorOf(promise: Promise<unknown>): Promise<QueueError> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: QueueError) => error,
  );
}

describe('HttpSender', () => {
  it('posts a message as the clients of Apache Thrift do, with its length and over one connection', async () => {
    const { server, sender } = await pair();
    expect([await post(sender), await post(sender)]).toEqual(Array(2).fill([{ ok: true, id: expect.any(String) }]));
    const [first, second] = server.requests;
    expect(first).toMatchObject({ method: 'POST', url: '/thrift', body: BODY, connection: 0 });
    expect(first!.headers).toMatchObject({
      'content-type': 'application/x-thrift',
      accept: 'application/x-thrift',
      'content-length': String(BODY.length),
      connection: 'keep-alive',
    });
    expect(first!.headers).not.toHaveProperty('transfer-encoding');
    expect(second!.connection).toBe(0);
  });

  it('sends the headers of its option, which a function may renew for each request', async () => {
    let token = 0;
    const { server, sender } = await pair(undefined, {
      headers: async () => ({ authorization: `Bearer ${(token += 1)}` }),
    });
    await post(sender);
    await post(sender);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });

  it('sends nothing if the headers cannot be had', async () => {
    const { server, sender } = await pair(undefined, { headers: () => Promise.reject(new Error('no token')) });
    const error = await errorOf(post(sender));
    expect(error).toMatchObject({ code: 'HeadersFailed', kind: 'credentials', retryable: true });
    expect(error.message).toContain('failed: no token. Nothing was sent.');
    expect(server.requests).toEqual([]);
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ['a line break', { authorization: 'a\r\nx-other: b' }],
    ['a name that is none', { 'a b': 'c' }],
    ['a second length', { 'Transfer-Encoding': 'chunked' }],
    ['a value that is no text', { authorization: undefined as unknown as string }],
  ])('sends no headers with %s, from an object or a function', async (_what, headers) => {
    expect(() => new HttpSender({ url: 'http://127.0.0.1:9', headers })).toThrow(TypeError);
    const { server, sender } = await pair(undefined, { headers: () => headers });
    expect(await errorOf(post(sender))).toMatchObject({ code: 'HeadersFailed', kind: 'credentials' });
    expect(server.requests).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('never follows a redirect %i', async (status) => {
    const target = await ScriptedServer.start();
    closeLater(target);
    const { sender } = await pair(() => ({ status, headers: { location: target.url } }));
    const [result] = await post(sender);
    expect(result).toMatchObject({
      ok: false,
      error: { code: `Http${status}`, kind: 'missing-queue', retryable: false },
    });
    expect(target.requests).toEqual([]);
  });

  it('repeats a request once over a new connection if the server has closed the idle one', async () => {
    const { server, sender } = await pair((_request, number) =>
      number === 2 ? (socket) => socket.resetAndDestroy() : {},
    );
    await post(sender);
    expect(await post(sender)).toEqual([{ ok: true, id: expect.any(String) }]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
  });

  it('repeats no request whose first connection breaks', async () => {
    const { server, sender } = await pair(() => (socket) => socket.resetAndDestroy());
    expect(await errorOf(post(sender))).toMatchObject({ code: 'ECONNRESET', kind: 'network', retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it('gives up a repeated request whose second connection breaks as well', async () => {
    const { server, sender } = await pair((_request, number) =>
      number === 1 ? {} : (socket) => socket.resetAndDestroy(),
    );
    await post(sender);
    expect(await errorOf(post(sender))).toMatchObject({ code: 'ECONNRESET', kind: 'network' });
    expect(server.requests).toHaveLength(3);
  });

  it('fails if the server switches to another protocol', async () => {
    const { sender } = await pair(() => (socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
    });
    const error = await errorOf(post(sender));
    expect(error).toMatchObject({ code: 'NoAnswer', kind: 'network' });
    expect(error.message).toContain('the server closed the connection before a whole answer');
  });

  it('fails if an answer breaks off', async () => {
    const { sender } = await pair(() => (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
      setImmediate(() => socket.resetAndDestroy());
    });
    expect(await errorOf(post(sender))).toMatchObject({ code: 'ECONNRESET', kind: 'network' });
  });

  it('fails if there is no answer within requestTimeoutMs', async () => {
    const { sender } = await pair(() => () => undefined, { requestTimeoutMs: 50 });
    const error = await errorOf(post(sender));
    expect(error).toMatchObject({ code: 'RequestTimeout', kind: 'network' });
    expect(error.message).toContain('no whole answer within 50 ms (requestTimeoutMs)');
  });

  it('fails if an answer trickles for longer than requestTimeoutMs', async () => {
    const { sender } = await pair(
      () => (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        const trickle = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(trickle));
      },
      { requestTimeoutMs: 60 },
    );
    expect(await errorOf(post(sender))).toMatchObject({
      kind: 'network',
      message: expect.stringContaining('within 60 ms'),
    });
  });

  it('fails with advice if nothing listens, or another protocol is spoken', async () => {
    const gone = new HttpSender({ url: `http://127.0.0.1:${await freePort()}/thrift` });
    const silent = net.createServer((socket) => socket.end('* OK IMAP4 ready\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const other = new HttpSender({ url: `http://127.0.0.1:${(silent.address() as net.AddressInfo).port}/` });
    const { server } = await pair();
    const tls = new HttpSender({ url: server.url.replace('http:', 'https:') });
    closeLater(gone, other, tls, silent);
    expect(await errorOf(post(gone))).toMatchObject({
      code: 'ECONNREFUSED',
      message: expect.stringContaining('Check that the server runs, and the option url.'),
    });
    expect((await errorOf(post(other))).message).toContain('Check that the server speaks HTTP at this port');
    expect((await errorOf(post(tls))).message).toContain('Check that the server speaks TLS at this port.');
  });

  it('asks the server with OPTIONS, which carries no message', async () => {
    const { server, sender } = await pair((_request, number) => ({ status: number === 1 ? 405 : 404 }));
    await sender.check();
    expect(server.requests[0]).toMatchObject({ method: 'OPTIONS', body: Buffer.alloc(0) });
    expect(await errorOf(sender.check())).toMatchObject({ code: 'Http404', kind: 'missing-queue' });
  });

  it('ends open requests when it closes', async () => {
    let arrived!: () => void;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { sender } = await pair(() => {
      arrived();
      return () => undefined;
    });
    const posted = errorOf(post(sender));
    await arrival;
    await sender.close();
    expect(await posted).toMatchObject({ code: 'ClientClosed' });
  });

  it('fails if the TLS handshake takes longer than connectTimeoutMs', async () => {
    const silent = net
      .createServer((socket) => void closeLater({ close: () => socket.destroy() }))
      .listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const sender = new HttpSender({ url: `https://127.0.0.1:${port}/`, connectTimeoutMs: 50 });
    closeLater(sender, silent);
    const error = await errorOf(post(sender));
    expect(error).toMatchObject({ code: 'ConnectTimeout', kind: 'network' });
    expect(error.message).toContain('no connection within 50 ms (connectTimeoutMs)');
  });

  it.each<[code: string, message: Parameters<HttpSender['send']>[0][number]]>([
    ['InvalidBody', { body: 'text' }],
    ['InvalidBody', { body: new Uint8Array() }],
    ['DelayRefused', { body: BODY, delaySeconds: 1 }],
    ['AttributesRefused', { body: BODY, attributes: { 'a b': 'c' } }],
    ['TooLarge', { body: new Uint8Array(16_384_001) }],
  ])('refuses a message that cannot be posted: %s', async (code, message) => {
    const { server, sender } = await pair();
    expect(await sender.send([message])).toEqual([
      { ok: false, error: expect.objectContaining({ code, kind: 'invalid' }) },
    ]);
    expect(server.requests).toEqual([]);
  });

  it.each<[options: object, text: string]>([
    [{ url: 'localhost:9090' }, "option url must be an address such as 'http://localhost:9090/thrift', got the text"],
    [{ url: undefined }, 'option url must be an address such as'],
    [
      { url: 'http://user:secret@localhost/' },
      'option url holds a user name or a password; give them as headers: { authorization',
    ],
    [{ tlsOptions: {} }, 'option tlsOptions would never be used: the option url begins with http:'],
    [{ headers: 'x' }, 'headers must be an object, got the text "x"'],
    [{ headers: { a: 1 } }, 'option headers.a must be text, got 1'],
    [{ headers: { 'Content-Length': '1' } }, 'option headers must not set Content-Length'],
    [{ requestTimeoutMs: 0 }, 'requestTimeoutMs must be a whole number from 1 to 3 600 000, got 0'],
    [{ connectTimeoutMs: 'x' }, 'connectTimeoutMs must be'],
    [{ timeout: 5 }, 'unknown option timeout'],
  ])('refuses options %j', (options, text) => {
    expect(() => new HttpSender({ url: 'http://localhost:1/', ...options } as never)).toThrow(text);
  });
});
