import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { ThriftRecordBuilder } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { ClientThriftHttp, type ClientThriftHttpOptions, ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { QueueError } from 'nestjs-sqs-thrift/port';
import { lastValueFrom, type Observable } from 'rxjs';
import { type Script, ScriptedServer } from '../../carriers/http/scripted-server.js';
import { closeAll, closeLater, Jobs } from '../harness.js';
import { job, Seen, startServer } from './harness.js';

beforeAll(() => void Logger.overrideLogger(false));
afterEach(closeAll);
afterAll(() => void Logger.overrideLogger(new ConsoleLogger()));

interface Pair {
  readonly server: ScriptedServer;
  readonly client: ClientThriftHttp;
}

async function pair(script?: Script, options: Partial<ClientThriftHttpOptions> = {}): Promise<Pair> {
  const server = closeLater(await ScriptedServer.start(script));
  const client = closeLater(new ClientThriftHttp({ url: server.url, service: Jobs, retryBaseMs: 1, ...options }));
  return { server, client };
}

async function errorOf(result: Observable<unknown>): Promise<QueueError> {
  return lastValueFrom(result).then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: QueueError) => error,
  );
}

describe('ClientThriftHttp', () => {
  it('posts each call by itself, and resolves with the id that the server gave', async () => {
    const { server, client } = await pair(() => ({ headers: { 'x-thrift-message-id': 'm-1' } }));
    expect(await lastValueFrom(client.emit('run', job(1)))).toBe('m-1');
    const [request] = server.requests;
    expect(createEventCodec([Jobs]).decode(request!.body)).toEqual([{ service: 'Jobs', method: 'run', args: job(1) }]);
  });

  it('has at most maxInFlight requests open, 16 by default', async () => {
    const open: (() => void)[] = [];
    const seen = new Seen<number>();
    const { client } = await pair(() => (socket) => {
      open.push(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
      seen.add(open.length);
    });
    const calls = Array.from({ length: 20 }, (_, id) => lastValueFrom(client.emit('run', job(id))));
    await seen.until(16);
    for (const answer of open.splice(0)) answer();
    await seen.until(20);
    for (const answer of open.splice(0)) answer();
    await Promise.all(calls);
    // Each of the first 16 found none of the others answered, and the last four came after them.
    expect(seen.items.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
  });

  it('sends attributes, the event id and the group id as headers, and deduplication ids as the event id', async () => {
    const { server, client } = await pair();
    const record = new ThriftRecordBuilder(job(1))
      .setEventId('order-1')
      .setAttributes({ tenant: 'acme' })
      .setGroupId('g');
    await lastValueFrom(client.emit('run', record));
    expect(server.requests[0]!.headers).toMatchObject({
      'idempotency-key': '"order-1"',
      'x-thrift-attributes': 'tenant=acme',
      'x-thrift-group': 'g',
    });
  });

  it('keeps the event id of a call that it sends again', async () => {
    const { server, client } = await pair(
      (_request, number) => (number === 1 ? (socket) => socket.resetAndDestroy() : {}),
      {
        eventIds: true,
      },
    );
    await lastValueFrom(client.emit('run', job(1)));
    const [first, second] = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect([first, second]).toEqual([expect.stringMatching(/^"[0-9a-f-]{36}"$/), first]);
  });

  it('refuses a delay, which HTTP does not have', async () => {
    const { server, client } = await pair();
    const error = await errorOf(client.emit('run', new ThriftRecordBuilder(job(1)).setDelay(5)));
    expect(error).toMatchObject({
      code: 'delay-refused',
      message: expect.stringContaining(`${server.url} takes no delay for a call`),
    });
    expect(server.requests).toEqual([]);
  });

  it.each([400, 413, 302, 404, 401])(
    'fails a call that is answered %i, after one request unless the credentials may change',
    async (status) => {
      const { server, client } = await pair(
        () => ({ status, headers: { 'content-type': 'text/plain' }, body: 'why' }),
        { maxAttempts: 2 },
      );
      expect(await errorOf(client.emit('run', job(1)))).toMatchObject({
        code: `Http${status}`,
        message: expect.stringContaining('It says "why"'),
      });
      expect(server.requests).toHaveLength(status === 401 ? 2 : 1);
    },
  );

  it('sends calls again while the server answers 503, no sooner than Retry-After asks', async () => {
    const at: number[] = [];
    const { server, client } = await pair((_request, number) => {
      at.push(performance.now());
      return number === 1 ? { status: 503, headers: { 'retry-after': '1' } } : {};
    });
    await lastValueFrom(client.emit('run', job(1)));
    expect(server.requests).toHaveLength(2);
    // Node rounds timers, and both clocks count whole milliseconds.
    expect(at[1]! - at[0]!).toBeGreaterThan(990);
  });

  it('does not hold other calls up while a single call fails', async () => {
    const script: Script = ({ body }) =>
      body.includes('bad') ? { status: 503, headers: { 'x-thrift-outcome': 'failed', 'retry-after': '60' } } : {};
    const { client } = await pair(script, { flushTimeoutMs: 0 });
    const failed = errorOf(client.emit('stop', { id: 1, why: 'bad' }));
    for (let id = 0; id < 20; id += 1) await lastValueFrom(client.emit('run', job(id)));
    await client.close();
    expect(await failed).toBeInstanceOf(QueueError);
  });

  it('keeps calls while the server is gone, and sends them once it is back at the same port', async () => {
    const seen = new Seen<number>();
    const first = await startServer(seen.add);
    const client = closeLater(new ClientThriftHttp({ url: first.url, service: Jobs, retryBaseMs: 1 }));
    const status: string[] = [];
    client.status.subscribe((each) => status.push(each));
    await lastValueFrom(client.emit('run', job(1)));
    await first.app.close();
    const calls = [2, 3, 4].map((id) => lastValueFrom(client.emit('run', job(id))));
    await new Promise((resolve) => client.on('send-failed', resolve));
    await startServer(seen.add, { port: first.port });
    await Promise.all(calls);
    expect([...(await seen.until(4))].sort()).toEqual([1, 2, 3, 4]);
    expect(status.slice(-2)).toEqual(['down', 'up']);
  });

  it('fails calls after deliveryTimeoutMs if the server stays away', async () => {
    const { server, client } = await pair(() => (socket) => socket.destroy(), { deliveryTimeoutMs: 100 });
    expect(await errorOf(client.emit('run', job(1)))).toMatchObject({ kind: 'network', queue: server.url });
  });

  it('rejects connect if the server does not answer, and resolves it if calls are served', async () => {
    const { url } = await startServer(() => undefined);
    await closeLater(new ClientThriftHttp({ url, service: Jobs })).connect();
    const wrong = closeLater(new ClientThriftHttp({ url: url.replace('/thrift', '/other'), service: Jobs }));
    await expect(wrong.connect()).rejects.toThrow(
      'answered 404: nothing is served at this path. Correct the option url. It says',
    );
    const { server, client } = await pair();
    await server.close();
    await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('sends what waits when it closes', async () => {
    const { server, client } = await pair();
    const calls = Array.from({ length: 100 }, (_, id) => lastValueFrom(client.emit('run', job(id))));
    await client.close();
    await Promise.all(calls);
    expect(server.requests).toHaveLength(100);
  });
});

describe('a mistake in options over HTTP', () => {
  const url = 'http://localhost:1/thrift';
  it.each<[options: object, text: string]>([
    [{ pack: true }, 'ClientThriftHttp: unknown option pack; did you mean'],
    [{ queue: 'jobs' }, 'ClientThriftHttp: unknown option queue; '],
    [{ lingerMs: 5 }, 'ClientThriftHttp: unknown option lingerMs; '],
    [{ url: 'jobs' }, 'option url must be an address such as'],
    [{ maxInFlight: 0 }, 'maxInFlight must be a whole number from 1 to 64, got 0'],
  ])('of a client is refused: %j', (options, text) => {
    expect(() => new ClientThriftHttp({ url, service: Jobs, ...options } as never)).toThrow(
      text.replace(/ did you mean$/, ''),
    );
  });

  it.each<[options: object, text: string]>([
    [{ visibilityTimeoutSeconds: 30 }, 'ServerThriftHttp: unknown option visibilityTimeoutSeconds'],
    [{ waitTimeSeconds: 5 }, 'ServerThriftHttp: unknown option waitTimeSeconds'],
    [{ prot: 1 }, 'ServerThriftHttp: unknown option prot; did you mean port?'],
    [{ poisonPolicy: 'redrive' }, "poisonPolicy must be 'drop' or 'dead-letter', got the text"],
    [{ poisonPolicy: 'dead-letter' }, "option deadLetterQueue and poisonPolicy: 'dead-letter' need each other"],
    [{ port: 65_536 }, 'port must be a whole number from 0 to 65 535, got 65536'],
    [{ port: undefined, host: 'x' }, 'option host needs the option port'],
    [{ port: undefined, tlsOptions: {} }, 'option tlsOptions needs the option port'],
    [{ path: 'thrift' }, 'option path must begin with "/" and have no query, got the text "thrift"'],
    [{ path: '/a?b' }, 'option path must begin with "/"'],
    [{ answer: 'later' }, "answer must be 'accepted' or 'handled', got the text"],
    [{ answer: 'handled', maxRetrySeconds: 5 }, "option maxRetrySeconds would never be used: with answer: 'handled'"],
    [{ answer: 'handled', retry: { maxReceives: 5 } }, 'option retry.maxReceives would never be used'],
    [{ maxBodyBytes: 0 }, 'maxBodyBytes must be'],
    [{ requestTimeoutMs: 0 }, 'requestTimeoutMs must be'],
    [{ keepAliveTimeoutMs: -1 }, 'keepAliveTimeoutMs must be'],
    [{ maxConnections: 0 }, 'maxConnections must be'],
    [{ maxMessages: 0 }, 'maxMessages must be'],
    [{ eventIds: true }, "eventIds must be 'header' or 'content', got the boolean true"],
    [{ authorize: 'x' }, 'authorize must be a function'],
    [{ tlsOptions: 'x' }, 'tlsOptions must be an object'],
  ])('of a strategy is refused: %j', (options, text) => {
    expect(() => new ServerThriftHttp({ port: 0, service: Jobs, ...options } as never)).toThrow(text);
  });
});
