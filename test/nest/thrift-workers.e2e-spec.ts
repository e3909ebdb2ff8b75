import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, EventPattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { ThriftFactory, ThriftWorkers } from 'nestjs-sqs-thrift';
import { liveTransports } from '#lib/diagnostics/transport-state.js';
import { QueueError } from '#lib/queue/queue-error.js';
import { createMemoryQueue, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, Jobs, TestClient, TestLog, TestServer } from './harness.js';
import { sendOne } from './deliver.js';

afterEach(closeAll);

const destroyed: string[] = [];

@Injectable()
class Maintenance implements OnModuleDestroy {
  constructor(readonly workers: ThriftWorkers) {}
  onModuleDestroy(): void {
    destroyed.push(this.workers.states.map(({ status }) => status).join());
  }
}
Reflect.defineMetadata('design:paramtypes', [ThriftWorkers], Maintenance);

@Module({ providers: [Maintenance] })
class DeepModule {}
@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(): void {}
}
@Module({ imports: [DeepModule], controllers: [JobsController] })
class AppModule {}

const logger = new TestLog();
const memory = (queue: string, transportId?: symbol): ServerThriftMemory =>
  new ServerThriftMemory({ service: Jobs, queue, ...(transportId && { transportId }) });

describe('ThriftWorkers', () => {
  it('is injected into any module, and the strategies drain before the service is destroyed', async () => {
    destroyed.length = 0;
    const strategy = memory('a');
    const app = closeLater(await ThriftFactory.createMicroservice(AppModule, strategy, { logger }));
    const { workers } = app.get(Maintenance, { strict: false });
    expect([workers.all, workers.get(), workers.get('a')]).toEqual([[strategy], strategy, strategy]);
    await app.listen();
    expect(workers.states).toMatchObject([{ queue: 'a', status: 'up' }]);
    await app.close();
    expect(destroyed).toEqual(['stopped']);
  });

  it('holds the strategies of a hybrid application whose factory is asynchronous', async () => {
    const strategies = [memory('a'), memory('b', Symbol('b'))];
    const source = { useFactory: async () => strategies };
    const app = closeLater(await ThriftFactory.create(AppModule, source, { logger }));
    const { workers } = app.get(Maintenance, { strict: false });
    expect(workers.all).toEqual(strategies);
    expect(workers.get('b')).toBe(strategies[1]);
    expect(() => workers.get()).toThrow('2 workers, so get() needs the name of a queue; there are a, b');
    expect(() => workers.get('c')).toThrow('no worker of the queue c; there are a, b');
  });

  it('keeps two applications of one process apart', async () => {
    const strategies = [memory('a'), memory('b')];
    const apps = await Promise.all(
      strategies.map((strategy) => ThriftFactory.createMicroservice(AppModule, strategy, { logger })),
    );
    for (const [at, app] of apps.entries()) {
      closeLater(app);
      expect(app.get(Maintenance, { strict: false }).workers.all).toEqual([strategies[at]]);
    }
  });

  it.each([
    ['by its module', { imports: [AppModule, ThriftWorkers.forRoot()] }],
    ['as a provider', { imports: [], providers: [Maintenance, ThriftWorkers], controllers: [JobsController] }],
  ])('works in a testing module %s', async (_, metadata) => {
    const module = await Test.createTestingModule(metadata).compile();
    const strategy = memory('a');
    const app = closeLater(await ThriftFactory.createMicroservice(module, strategy, { logger }));
    await app.listen();
    expect(app.get(Maintenance, { strict: false }).workers.get()).toBe(strategy);
  });

  it('works without ThriftFactory, with the strategies given', async () => {
    const strategy = memory('a');
    @Module({ imports: [AppModule, ThriftWorkers.forRoot([strategy])] })
    class RootModule {}
    const app = closeLater(await NestFactory.createMicroservice<CustomStrategy>(RootModule, { strategy, logger }));
    expect(app.get(Maintenance, { strict: false }).workers.get('a')).toBe(strategy);
  });

  it('differs between applications that share an import', async () => {
    const shared = ThriftWorkers.forRoot([memory('a')]);
    const start = () => NestFactory.createApplicationContext(shared, { logger });
    const [one, other] = (await Promise.all([start(), start()])).map((app) => closeLater(app).get(ThriftWorkers));
    expect(one).not.toBe(other);
    expect(one!.all).toEqual(other!.all);
  });

  it('explains that there is no strategy', () => {
    expect(() => new ThriftWorkers().get()).toThrow(/^no worker; the application has no strategy, or none yet/);
  });
});

describe('the live transports of a process', () => {
  it('are the workers that run and the clients that opened a queue, until they are closed', async () => {
    const { workers, clients } = liveTransports();
    const before = [workers.size, clients.size];
    const strategy = memory('a');
    const queue = createMemoryQueue();
    const client = new TestClient(async () => queue);
    expect([workers.size, clients.size]).toEqual(before);
    expect(client.state).toEqual({
      status: 'starting',
      queues: [{ queue: 'the queue', up: true, bufferedCalls: 0, bufferedBytes: 0 }],
      failure: undefined,
    });
    const app = closeLater(await ThriftFactory.createMicroservice(AppModule, strategy, { logger }));
    await app.listen();
    const sent = sendOne(client);
    expect(client.state.queues[0]).toMatchObject({ bufferedCalls: 1, bufferedBytes: expect.any(Number) });
    await sent;
    expect([workers.size, clients.size]).toEqual(before.map((count) => count + 1));
    expect([...workers].at(-1)!.state).toMatchObject({ queue: 'a', status: 'up' });
    expect(client.state).toMatchObject({
      status: 'up',
      queues: [{ queue: 'memory', bufferedCalls: 0, bufferedBytes: 0 }],
    });
    await Promise.all([app.close(), client.close()]);
    expect([workers.size, clients.size]).toEqual(before);
    expect([strategy.state.status, client.state.status]).toEqual(['stopped', 'stopped']);
  });

  it('hold no worker whose start failed, and no client that was closed while it opened', async () => {
    const { workers, clients } = liveTransports();
    const before = [workers.size, clients.size];
    const failure = new QueueError('no such queue', { code: 'Missing', kind: 'missing-queue', queue: 'a' });
    const app = closeLater(await ThriftFactory.createMicroservice(AppModule, new TestServer(failure), { logger }));
    await expect(app.listen()).rejects.toThrow('no such queue');
    const client = new TestClient(() => Promise.reject(failure));
    await expect(sendOne(client)).rejects.toThrow('no such queue');
    expect(client.state).toMatchObject({ status: 'down', failure: expect.stringContaining('no such queue') });
    await client.close();
    expect([workers.size, clients.size]).toEqual(before);
  });
});
