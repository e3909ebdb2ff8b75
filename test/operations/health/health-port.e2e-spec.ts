import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, EventPattern } from '@nestjs/microservices';
import { type BaseThriftServer, ThriftFactory } from 'nestjs-sqs-thrift';
import { HealthPort, HealthPortModule, type HealthPortOptions } from 'nestjs-sqs-thrift/health';
import { ClientThriftMemory, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs, TestLog } from '../../nest/harness.js';
import { gate } from '../../nest/deliver.js';

afterEach(closeAll);

const HOST = '127.0.0.1';
const logger = new TestLog();
const memory = (): ServerThriftMemory => new ServerThriftMemory({ service: Jobs, queue: 'jobs', concurrency: 2 });

interface Answer {
  readonly code: number;
  readonly body: Record<string, unknown>;
}

async function appWith(
  options: Partial<HealthPortOptions> = {},
  run: () => unknown = () => undefined,
  imports: DynamicModule[] = [],
) {
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(): unknown {
      return run();
    }
  }
  @Module({
    imports: [HealthPortModule.register({ port: 0, host: HOST, ...options }), ...imports],
    controllers: [JobsController],
  })
  class WorkerModule {}
  const strategy: BaseThriftServer = memory();
  const app = closeLater(
    await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger, abortOnError: false }),
  );
  const port = (): number => app.get(HealthPort, { strict: false }).port;
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`http://${HOST}:${port()}${path}`, init);
    const text = await response.text();
    return { code: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  };
  return { app, strategy, port, ask };
}

describe('the health port of a worker without HTTP', () => {
  it('answers from the hook onModuleInit on, before the worker listens', async () => {
    const { app, ask } = await appWith();
    await app.init();
    expect(await ask('/live')).toMatchObject({ code: 200, body: { status: 'ok' } });
    expect(await ask('/ready')).toMatchObject({
      code: 503,
      body: { status: 'down', workers: [{ ok: false, state: 'starting' }] },
    });
    await app.listen();
    expect(await ask('/ready')).toEqual({
      code: 200,
      body: {
        status: 'ok',
        workers: [expect.objectContaining({ ok: true, state: 'up', queue: 'jobs', inHand: 0 })],
        clients: [],
      },
    });
  });

  it('answers while the application drains, not ready and alive, and closes last', async () => {
    const { opened, open } = gate();
    const { app, strategy, ask } = await appWith({}, () => opened);
    await app.listen();
    const client = closeLater(new ClientThriftMemory({ service: Jobs, queue: 'jobs' }));
    await lastValueFrom(client.emit('run', { job: { id: 1 } }));
    while (strategy.state.runningCalls === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = app.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await ask('/ready')).toMatchObject({ code: 503, body: { workers: [{ state: 'stopping', inHand: 1 }] } });
    expect(await ask('/live')).toMatchObject({ code: 200 });
    open();
    await closed;
    expect(strategy.state.status).toBe('stopped');
    await expect(ask('/live')).rejects.toThrow();
  });

  it('is ready while the worker is paused', async () => {
    const { app, strategy, ask } = await appWith();
    await app.listen();
    await strategy.pause();
    expect(await ask('/ready?verbose')).toMatchObject({ code: 200, body: { workers: [{ state: 'paused' }] } });
  });

  it('knows GET and HEAD, three paths at most, and never shows the text of a failure', async () => {
    const failing = { state: { status: 'down' as const, queues: [], failure: 'arn:aws:iam::1:role/secret' } };
    const { app, port, ask } = await appWith({ clients: [failing] });
    await app.listen();
    expect(await ask('/live', { method: 'HEAD' })).toEqual({ code: 200, body: {} });
    expect(await ask('/ready', { method: 'HEAD' })).toEqual({ code: 503, body: {} });
    expect((await ask('/live', { method: 'POST', body: 'x'.repeat(100_000) })).code).toBe(405);
    for (const path of ['/', '/metrics', '/live/', '/__proto__']) expect((await ask(path)).code).toBe(404);
    const text = await (await fetch(`http://${HOST}:${port()}/ready`)).text();
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ status: 'down', clients: [{ ok: false, state: 'down' }] });
  });

  it('asks clients by their token', async () => {
    const clients = ClientsModule.register([ClientThriftMemory.register('MAILS', { service: Jobs, queue: 'jobs' })]);
    const { app, ask } = await appWith({ clients: ['MAILS'] }, () => undefined, [clients]);
    await app.listen();
    expect(await ask('/ready')).toMatchObject({ code: 200, body: { clients: [{ ok: true, state: 'starting' }] } });
  });

  it('collects metrics once for requests of the same second', async () => {
    let runs = 0;
    let end!: (text: string) => void;
    const metrics = {
      contentType: 'text/plain; version=0.0.4',
      metrics: () => ((runs += 1), new Promise<string>((resolve) => (end = resolve))),
    };
    const { app, port, ask } = await appWith({ metrics });
    await app.listen();
    const asked = Array.from({ length: 3 }, () => fetch(`http://${HOST}:${port()}/metrics`));
    while (runs === 0) await new Promise((resolve) => setImmediate(resolve));
    await ask('/live');
    end('up 1\n');
    const [first] = await Promise.all(asked);
    expect([first!.headers.get('content-type'), await first!.text(), runs]).toEqual([metrics.contentType, 'up 1\n', 1]);
    expect(await (await fetch(`http://${HOST}:${port()}/metrics`)).text()).toBe('up 1\n');
    expect(runs).toBe(1);
  });

  it('hides why metrics failed', async () => {
    const metrics = { contentType: 'text/plain', metrics: () => Promise.reject(new Error('secret')) };
    const { app, ask } = await appWith({ metrics });
    await app.listen();
    expect(await ask('/metrics')).toEqual({ code: 500, body: { error: 'the answer failed' } });
  });

  it('answers a probe while idle connections hold all places', async () => {
    const { app, port, ask } = await appWith();
    await app.listen();
    const idle = Array.from({ length: 80 }, () => connect(port(), HOST).on('error', () => undefined));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect((await ask('/live')).code).toBe(200);
    for (const socket of idle) socket.destroy();
  });

  it('refuses long headers', async () => {
    const { app, ask } = await appWith();
    await app.listen();
    await expect(ask('/live', { headers: { x: 'y'.repeat(10_000) } })).rejects.toThrow();
    expect((await ask('/live')).code).toBe(200);
  });
});

describe('the start of a health port', () => {
  it('names the port that is taken, and advises', async () => {
    const other = createServer().listen(0, HOST);
    await once(other, 'listening');
    closeLater(other);
    const { port } = other.address() as { port: number };
    const { app } = await appWith({ port });
    await expect(app.listen()).rejects.toThrow(
      `the health port cannot listen on ${HOST}, port ${port}: another program uses it; give option port of HealthPortModule a free port`,
    );
  });

  it('needs something to ask', async () => {
    @Module({ imports: [HealthPortModule.register({ port: 0, host: HOST })] })
    class EmptyModule {}
    await expect(NestFactory.createApplicationContext(EmptyModule, { logger, abortOnError: false })).rejects.toThrow(
      /the health port has no worker and no client to ask; create the application with ThriftFactory/,
    );
  });

  it('takes its options from a factory', async () => {
    @Module({ providers: [{ provide: 'HOST', useValue: HOST }], exports: ['HOST'] })
    class ConfigModule {}
    const port = HealthPortModule.registerAsync({
      imports: [ConfigModule],
      inject: ['HOST'],
      useFactory: async (host: string) => ({ port: 0, host, workers: [memory()] }),
    });
    const app = closeLater(
      await NestFactory.createApplicationContext({ module: ConfigModule, imports: [port] }, { logger }),
    );
    const { status } = await fetch(`http://${HOST}:${app.get(HealthPort, { strict: false }).port}/live`);
    expect(status).toBe(200);
    const wrong = HealthPortModule.registerAsync({ useFactory: () => ({ port: -1 }) });
    const start = NestFactory.createApplicationContext(wrong, { logger, abortOnError: false });
    await expect(start).rejects.toThrow('port must be a whole number from 0 to 65 535, got -1');
  });

  it('asks given workers without ThriftFactory, and names a port only while it listens', async () => {
    const worker = memory();
    @Module({ imports: [HealthPortModule.register({ port: 0, host: HOST, workers: [worker] })] })
    class PlainModule {}
    const app = closeLater(await NestFactory.createApplicationContext(PlainModule, { logger, abortOnError: false }));
    const health = app.get(HealthPort, { strict: false });
    expect((await fetch(`http://${HOST}:${health.port}/live`)).status).toBe(200);
    await app.close();
    await worker.close();
    expect(() => health.port).toThrow('the health port listens from onModuleInit to the end of the shutdown');
  });

  it.each<[object, RegExp]>([
    [{}, /option port is missing/],
    [{ port: 70_000 }, /port/],
    [{ port: 0, hots: HOST }, /host/],
    [{ port: 0, metrics: {} }, /option metrics must be a Registry of prom-client/],
    [{ port: 0, liveness: { maxSilenceMs: 10 } }, /maxSilenceMs/],
    [{ port: 0, readiness: { stall: 'down' } }, /stalled/],
  ])('refuses the options %j', (options, message) => {
    expect(() => HealthPortModule.register(options as HealthPortOptions)).toThrow(message);
  });
});
