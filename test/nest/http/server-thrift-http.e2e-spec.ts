import { afterEach, describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { MemoryIdempotencyStore, RejectEventException, RetryEventException, ThriftFactory } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { ClientThriftHttp, ServerThriftHttp, THRIFT_HTTP } from 'nestjs-sqs-thrift/http';
import { lastValueFrom } from 'rxjs';
import { ask } from '../../carriers/http/requests.js';
import { closeAll, closeLater, Jobs, TestLog } from '../harness.js';
import { type HandleJob, job, jobsModule, Seen, startServer } from './harness.js';

afterEach(closeAll);

const codec = createEventCodec([Jobs]);
const bodyOf = (id: number): Uint8Array => codec.encodeBody({ method: 'run', args: job(id) }, 'bytes') as Uint8Array;

function clientOf(url: string): ClientThriftHttp {
  return closeLater(new ClientThriftHttp({ url, service: Jobs }));
}

describe('ServerThriftHttp', () => {
  it('handles what a client emits', async () => {
    const seen = new Seen<number>();
    const { server, url } = await startServer(seen.add);
    const client = clientOf(url);
    await client.connect();
    const id = await lastValueFrom(client.emit('run', job(1)));
    expect(await seen.until(1)).toEqual([1]);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.transportId).toBe(THRIFT_HTTP);
  });

  it('gives handlers the headers, the event id and the attributes of a message', async () => {
    const seen = new Seen<unknown>();
    const { port } = await startServer((_id, context) =>
      seen.add([context.getEventId(), context.getAttributes(), context.getMessage<{ headers: object }>().headers]),
    );
    await ask(port, {
      body: bodyOf(1),
      headers: { 'idempotency-key': '"order-1"', 'x-thrift-attributes': 'tenant=acme', 'x-custom': 'y' },
    });
    expect((await seen.until(1))[0]).toEqual([
      'order-1',
      expect.objectContaining({ tenant: 'acme' }),
      expect.objectContaining({ 'x-custom': 'y' }),
    ]);
  });

  it('retries a failing message in memory, as often as retry.maxReceives says, and then drops it', async () => {
    const counts: number[] = [];
    const log = new TestLog();
    const handle: HandleJob = (_id, context) => {
      counts.push(context.getReceiveCount());
      throw new Error('broken');
    };
    const { server, port } = await startServer(handle, { retry: { baseSeconds: 0, maxReceives: 3 } }, log);
    const rejected = new Promise<unknown>((resolve) =>
      server.on('settled', (event) => event.outcome === 'reject' && resolve(event)),
    );
    expect((await ask(port, { body: bodyOf(1) })).status).toBe(200);
    expect(await rejected).toMatchObject({ reason: 'too-many-receives', fate: 'removed', receiveCount: 3 });
    expect(counts).toEqual([1, 2, 3]);
    expect(log.text()).toMatch(/error: .*too-many-receives/);
  });

  it('copies a rejected message into a queue of another carrier, as base64 and with the reason', async () => {
    const deadLetters = createMemoryQueue({ name: 'dead' });
    const { server, port } = await startServer(
      () => {
        throw new RejectEventException('no such user');
      },
      { poisonPolicy: 'dead-letter', deadLetterQueue: deadLetters },
    );
    const settled = new Promise((resolve) => server.on('settled', resolve));
    await ask(port, { body: bodyOf(7), headers: { 'idempotency-key': 'order-7' } });
    expect(await settled).toMatchObject({ outcome: 'reject', fate: 'dead-lettered' });
    const [copy] = deadLetters.messages();
    expect(codec.decode(copy!.body)).toEqual([{ service: 'Jobs', method: 'run', args: job(7) }]);
    expect(copy!.attributes).toMatchObject({
      'thrift-event-id': 'order-7',
      'thrift-dead-letter': expect.stringContaining('no such user'),
    });
  });

  it.each<[what: string, body: Uint8Array, status: number, text: string]>([
    ['garbage', Buffer.from('AAAA'), 400, 'unknown-protocol: the body starts with 0x41'],
    [
      'an unknown method',
      Buffer.from('80010004000000046e6f6e650000000000', 'hex'),
      400,
      'unknown-method: no service here has a method "none"',
    ],
    ['half a message', bodyOf(1).subarray(0, 20), 400, 'truncated: '],
    [
      'a frame',
      Buffer.concat([Buffer.of(0, 0, 0, bodyOf(1).length), bodyOf(1)]),
      400,
      'use no TFramedTransport over HTTP',
    ],
  ])('answers 400 to %s, and logs that it drops the message', async (_what, body, status, text) => {
    const log = new TestLog();
    const { server, port } = await startServer(() => undefined, {}, log);
    const settled = new Promise((resolve) => server.on('settled', resolve));
    expect(await ask(port, { body })).toMatchObject({ status, text: expect.stringContaining(text) });
    expect(await settled).toMatchObject({ outcome: 'reject', fate: 'removed' });
    expect(log.lines.filter((line) => line.startsWith('error:'))).toHaveLength(1);
  });

  it('answers a CALL of a method with a result with an exception, since its client waits for a reply', async () => {
    const { port } = await startServer(() => undefined);
    const call = Buffer.from('8001000100000005636f756e740000000700', 'hex');
    const { status, bytes, headers } = await ask(port, { body: call });
    expect([status, headers['content-type']]).toEqual([200, 'application/x-thrift']);
    expect(bytes.subarray(0, 17).toString('hex')).toBe('8001000300000005636f756e7400000007');
  });

  it("answers 200, 400 and 503 after the handlers with answer: 'handled'", async () => {
    const { port } = await startServer(
      (id) => {
        if (id === 1) throw new RejectEventException('never');
        if (id === 2) throw new RetryEventException(30);
      },
      { answer: 'handled' },
    );
    expect(await ask(port, { body: bodyOf(0) })).toMatchObject({ status: 200, text: '' });
    expect(await ask(port, { body: bodyOf(1) })).toMatchObject({
      status: 400,
      text: 'handler-rejected: the message was rejected\n',
    });
    expect(await ask(port, { body: bodyOf(2) })).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(await ask(port, { body: Buffer.from('AAAA') })).toMatchObject({
      status: 400,
      text: expect.stringContaining('unknown-protocol'),
    });
  });

  it.each<[eventIds: 'header' | 'content', headers: Record<string, string>]>([
    ['header', { 'idempotency-key': 'order-1' }],
    ['content', {}],
  ])('handles a message once that a client sends twice, by its %s', async (eventIds, headers) => {
    const ran: number[] = [];
    const { server, port } = await startServer((id) => ran.push(id), {
      eventIds,
      idempotency: { store: new MemoryIdempotencyStore() },
    });
    const duplicate = new Promise((resolve) => server.on('duplicate', resolve));
    expect((await ask(port, { body: bodyOf(1), headers })).status).toBe(200);
    expect((await ask(port, { body: bodyOf(1), headers })).status).toBe(200);
    await duplicate;
    expect(ran).toEqual([1]);
  });

  it('finishes what it has accepted when the application closes, and refuses further calls', async () => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const seen = new Seen<number>();
    const handle: HandleJob = async (id) => {
      seen.add(id);
      await gate;
    };
    const { app, port } = await startServer(handle, { concurrency: 1 });
    for (const id of [1, 2, 3]) expect((await ask(port, { body: bodyOf(id) })).status).toBe(200);
    await seen.until(1);
    const closed = app.close();
    expect(await ask(port, { body: bodyOf(4) })).toMatchObject({ status: 503, headers: { connection: 'close' } });
    release();
    await closed;
    expect(seen.items).toEqual([1, 2, 3]);
    await expect(ask(port, { body: bodyOf(5) })).rejects.toThrow('ECONNREFUSED');
  });

  it("answers 503 with answer: 'handled' to what it cannot finish, and drops what it has accepted with an error otherwise", async () => {
    const seen = new Seen<number>();
    const hang: HandleJob = (id) => {
      seen.add(id);
      return new Promise(() => undefined);
    };
    const log = new TestLog();
    const handled = await startServer(hang, { answer: 'handled', drainTimeoutMs: 0, concurrency: 1 });
    const replies = [ask(handled.port, { body: bodyOf(1) }), ask(handled.port, { body: bodyOf(2) })];
    await seen.until(1);
    await handled.app.close();
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([503, 503]);
    const accepted = await startServer(hang, { drainTimeoutMs: 0, concurrency: 1 }, log);
    await ask(accepted.port, { body: bodyOf(3) });
    await seen.until(2);
    await accepted.app.close();
    expect(log.text()).toMatch(/error: .*worker-stopped/);
  });

  it('refuses to start at a port that is taken, or opens it later with onQueueMissing: wait', async () => {
    const { port, app } = await startServer(() => undefined);
    const settings = { port, host: '127.0.0.1', path: '/thrift', service: Jobs };
    const other = new ServerThriftHttp(settings);
    const second = await ThriftFactory.createMicroservice(
      jobsModule(() => undefined),
      other,
      { logger: false, abortOnError: false },
    );
    closeLater(second);
    await expect(second.listen()).rejects.toThrow(`EADDRINUSE: http:/thrift cannot listen at 127.0.0.1:${port}`);
    const waiting = new ServerThriftHttp({ ...settings, onQueueMissing: 'wait' });
    const third = await ThriftFactory.createMicroservice(
      jobsModule(() => undefined),
      waiting,
      { logger: false },
    );
    closeLater(third);
    const recovered = new Promise((resolve) => waiting.on('poll-recovered', resolve));
    await third.listen();
    await app.close();
    await recovered;
    expect((await ask(port, { body: bodyOf(1) })).status).toBe(200);
  });
});
