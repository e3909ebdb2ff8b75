import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpInbox } from '#lib/carriers/http/http-inbox.js';
import {
  ask,
  BODY,
  RawConnection,
  type Reply,
  startReceiver,
  take,
  takeOne,
  type TestReceiver,
  type TestRequest,
} from './requests.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...given: Parameters<typeof startReceiver>): Promise<TestReceiver> {
  const started = await startReceiver(...given);
  open.push(started.receiver);
  return started;
}

describe('HttpInbox', () => {
  it('answers an accepted message 200 with Content-Length 0 and the id of the message', async () => {
    const { receiver, port } = await start();
    const reply = await ask(port);
    const message = await takeOne(receiver);
    expect([reply.status, reply.headers['content-length'], reply.text]).toEqual([200, '0', '']);
    expect(reply.headers['x-thrift-message-id']).toBe(message.id);
    expect([message.body, { ...message.attributes }]).toEqual([BODY, {}]);
    expect(message.raw).toEqual({
      headers: expect.objectContaining({ 'content-type': 'application/x-thrift' }),
      remoteAddress: '127.0.0.1',
    });
  });

  it('reads a body that comes in chunks, byte by byte, and several requests of one connection', async () => {
    const { receiver, port } = await start();
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    for (const byte of BODY) raw.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
    raw.write('0\r\n\r\n');
    await raw.until('200 OK');
    raw.write(
      `POST /thrift?a=b HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: ${BODY.length}\r\n\r\n`,
    );
    raw.write(BODY);
    const messages = [await takeOne(receiver), await takeOne(receiver)];
    expect(messages.map(({ body }) => body)).toEqual([BODY, BODY]);
    raw.destroy();
  });

  it.each<[status: number, text: string, request: TestRequest]>([
    [404, 'Thrift calls are served at /thrift', { path: '/' }],
    [404, 'Thrift calls are served at /thrift', { path: '/thrift/more' }],
    [
      405,
      'Thrift calls come as POST',
      { method: 'GET', headers: { 'content-length': undefined }, body: Buffer.alloc(0) },
    ],
    [405, 'Thrift calls come as POST', { method: 'PUT' }],
    [400, 'empty: the body is empty', { body: Buffer.alloc(0) }],
    [413, 'a body has at most 1000 bytes here (maxBodyBytes)', { body: Buffer.alloc(1_001) }],
    [413, 'a body has at most 1000 bytes', { body: Buffer.alloc(5_000_000) }],
    [
      413,
      'a body has at most 1000 bytes',
      { body: Buffer.alloc(5_000_000), headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } },
    ],
    [
      415,
      'the content type must be application/x-thrift, and there is none',
      { headers: { 'content-type': undefined } },
    ],
    [
      415,
      'the content type must be application/x-thrift, not "text/html"',
      { headers: { 'content-type': 'text/html' } },
    ],
    [415, 'the content encoding "gzip" is not supported', { headers: { 'content-encoding': 'gzip' } }],
    [400, 'idempotency-key is not 1 to 256', { headers: { 'idempotency-key': 'a b' } }],
    [401, 'the request has no acceptable credentials', { headers: { authorization: 'wrong' } }],
  ])('answers %i with a text that says what is wrong: %s', async (status, text, request) => {
    const authorize = ({ headers }: http.IncomingMessage): boolean => headers.authorization !== 'wrong';
    const { receiver, port } = await start({ maxBodyBytes: 1_000, authorize });
    const reply = await ask(port, request);
    expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(text)]);
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    if (status === 405) expect(reply.headers['allow']).toBe('POST');
    expect(await take(receiver, 0)).toEqual([]);
  });

  it.each([
    'application/x-thrift',
    'Application/X-Thrift; charset=utf-8',
    'application/vnd.apache.thrift.compact',
    'application/octet-stream',
  ])('accepts the content type %s', async (type) => {
    const { port } = await start();
    expect((await ask(port, { headers: { 'content-type': type } })).status).toBe(200);
  });

  it('answers 411 to a request that announces no body', async () => {
    const { port } = await start();
    const raw = new RawConnection(port);
    raw.write('POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\nconnection: close\r\n\r\n');
    const text = await raw.untilClosed();
    expect(text).toMatch(/^HTTP\/1.1 411 /);
    expect(text).toContain('the request has no body; send a Thrift message with its Content-Length');
  });

  it('goes on with a connection after a refused body', async () => {
    const { port } = await start({ maxBodyBytes: 1_000 });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask(port, { body: Buffer.alloc(100_000), agent })).status).toBe(413);
    expect((await ask(port, { agent })).status).toBe(200);
    agent.destroy();
  });

  it('takes event id, attributes and group id from the headers', async () => {
    const { receiver, port } = await start();
    await ask(port, {
      headers: {
        'idempotency-key': 'order-1',
        'x-thrift-attributes': 'tenant=acme',
        'x-thrift-group': 'g',
        traceparent: '00-1',
      },
    });
    const { attributes, groupId } = await takeOne(receiver);
    expect({ ...attributes, groupId }).toEqual({
      'thrift-event-id': 'order-1',
      tenant: 'acme',
      traceparent: '00-1',
      groupId: 'g',
    });
  });

  it('gives equal bodies one event id by their content, if told to, unless the client gives an id', async () => {
    const { receiver, port } = await start({ eventIds: 'content' });
    const ids: unknown[] = [];
    for (const headers of [{}, {}, { 'idempotency-key': 'order-1' }]) {
      await ask(port, { headers });
      ids.push((await takeOne(receiver)).attributes['thrift-event-id']);
    }
    expect(ids[0]).toMatch(/^[\w-]{43}$/);
    expect(ids.slice(1)).toEqual([ids[0], 'order-1']);
  });

  it('answers 503 with Retry-After before its first receive, while it is full, and again 200 once there is room', async () => {
    const receiver = new HttpInbox({ port: 0, host: '127.0.0.1', path: '/thrift', maxMessages: 2 });
    open.push(receiver);
    await receiver.listen();
    const { port } = receiver.address!;
    const busy = (text: string): unknown => ({
      status: 503,
      text: expect.stringContaining(text),
      headers: expect.objectContaining({ 'retry-after': '1' }),
    });
    expect(await ask(port)).toMatchObject(busy('the server starts') as Partial<Reply>);
    await take(receiver, 0);
    expect([(await ask(port)).status, (await ask(port)).status]).toEqual([200, 200]);
    expect(await ask(port)).toMatchObject(busy('too many messages wait here') as Partial<Reply>);
    await receiver.acknowledge([await takeOne(receiver)]);
    expect((await ask(port)).status).toBe(200);
  });

  it('answers 408 to a body that does not arrive in time, and closes the connection', async () => {
    const { port } = await start({ requestTimeoutMs: 100 });
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 20\r\n\r\nhalf',
    );
    const text = await raw.untilClosed();
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect(text).toContain('the body did not arrive within 100 ms (requestTimeoutMs)');
    expect(text.toLowerCase()).toContain('connection: close');
  });

  it('takes no message of a client that goes away in the middle of a body', async () => {
    const { receiver, port } = await start();
    const raw = new RawConnection(port);
    raw.write(
      'POST /thrift HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-thrift\r\ncontent-length: 900\r\nexpect: 100-continue\r\n\r\n',
    );
    await raw.until('100 Continue');
    raw.destroy();
    expect((await ask(port)).status).toBe(200);
    expect(await take(receiver)).toHaveLength(1);
  });
});
