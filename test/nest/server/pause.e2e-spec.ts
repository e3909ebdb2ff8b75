import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory, ThriftWorkers } from 'nestjs-sqs-thrift';
import { createMemoryQueue, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { gate } from '../deliver.js';
import { closeAll, closeLater, Jobs, startWorker, TestClient, TestLog, TestServer } from '../harness.js';

afterEach(closeAll);

const emit = (client: { emit: TestClient['emit'] }, id: number): Promise<unknown> =>
  lastValueFrom(client.emit('run', { job: { id } }));

/** Starts a worker whose handler runs until it is let go. */
async function runningWorker() {
  const { opened, open } = gate();
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(): Promise<void> {
      return opened;
    }
  }
  const { server, app, client } = await startWorker({ controllers: [JobsController] });
  await emit(client, 1);
  while (server.state.inHand === 0) await new Promise((resolve) => setImmediate(resolve));
  return { server, app, open };
}

describe('a paused strategy', () => {
  it('emits its status and writes lines about the pause and the resume', async () => {
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      run(): void {}
    }
    const { server, client, log } = await startWorker({ controllers: [JobsController] });
    const statuses: string[] = [];
    server.status.subscribe((status) => statuses.push(status));
    await server.pause();
    expect(server.state).toMatchObject({ status: 'paused', openReceives: 0, queue: 'memory' });
    await server.pause();
    await emit(client, 1);
    expect(server.settled).toEqual([]);
    server.resume();
    server.resume();
    await server.untilSettled(1);
    expect(server.state).toMatchObject({ status: 'up', inHand: 0, sinceAttemptMs: expect.any(Number) });
    expect(statuses).toEqual(['up', 'paused', 'up']);
    expect(log.lines.filter((line) => / receiv/.test(line)).slice(1)).toEqual([
      'log: paused: receives nothing from memory until resume()',
      'log: resumed receiving from memory',
    ]);
  });

  it('lets a handler await the pause of its own worker, and waits for the handler if asked to', async () => {
    const { opened, open } = gate();
    const paused = gate();
    const server = new TestServer(createMemoryQueue(), { waitTimeSeconds: 1 });
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      async run(): Promise<void> {
        await server.pause();
        paused.open();
        await opened;
      }
    }
    @Module({ controllers: [JobsController] })
    class JobsModule {}
    const app = closeLater(await ThriftFactory.createMicroservice(JobsModule, server, { logger: new TestLog() }));
    await app.listen();
    await emit(new TestClient(async () => server.unwrap()), 1);
    await paused.opened;
    let idle = false;
    const untilIdle = server.pause({ untilIdle: true }).then(() => (idle = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([idle, server.state.inHand, server.state.runningCalls]).toEqual([false, 1, 1]);
    open();
    await untilIdle;
    expect(server.state).toMatchObject({ inHand: 0, slotsTaken: 0, status: 'paused' });
  });

  it('receives nothing before a resume if it was paused before the start', async () => {
    const queue = createMemoryQueue();
    const server = new TestServer(queue);
    const runs: number[] = [];
    @Controller()
    class JobsController {
      @EventPattern<string>('run')
      run({ job }: { job: { id: number } }): void {
        runs.push(job.id);
      }
    }
    @Module({ controllers: [JobsController] })
    class JobsModule {}
    await server.pause();
    const log = new TestLog();
    const app = closeLater(await ThriftFactory.createMicroservice(JobsModule, server, { logger: log }));
    const client = new TestClient(async () => queue);
    await emit(client, 1);
    await app.listen();
    await new Promise((resolve) => setImmediate(resolve));
    expect([server.state.status, server.state.sinceAttemptMs, runs]).toEqual(['paused', undefined, []]);
    server.resume();
    await server.untilSettled(1);
    expect([server.state.status, runs]).toEqual(['up', [1]]);
    expect(log.text()).toMatch(
      /paused: receives nothing from memory until resume\(\)[^]*receiving from memory, with 1 handler/,
    );
  });

  it('ends its pause at a stop, and a resume after the stop does nothing', async () => {
    const { server, app, open } = await runningWorker();
    const paused = server.pause({ untilIdle: true });
    const closed = app.close();
    expect(server.state.status).toBe('stopping');
    await server.pause();
    open();
    await Promise.all([closed, paused]);
    server.resume();
    await server.pause({ untilIdle: true });
    expect(server.state).toMatchObject({ status: 'stopped', openReceives: 0, inHand: 0 });
    expect(server.settled.map(({ outcome }) => outcome)).toEqual(['ack']);
  });

  it('ends the wait for a pause at a resume', async () => {
    const { server, open } = await runningWorker();
    const paused = server.pause({ untilIdle: true });
    server.resume();
    await paused;
    open();
    await server.untilSettled(1);
  });
});

describe('a paused strategy on SQS over HTTP', () => {
  it('handles messages from before, during and after many pauses once each, paused by a service', async () => {
    const sqs = await startEmbeddedSqs();
    closeLater({ close: () => sqs.stop() });
    await sqs.createQueue('jobs', { deadLetterQueue: true });
    const access = { endpoint: sqs.endpoint, region: sqs.region, credentials: sqs.credentials };
    const runs: number[] = [];
    const waiting: (() => void)[] = [];
    @Controller()
    class JobsController {
      constructor(readonly workers: ThriftWorkers) {}
      @EventPattern<string>('run')
      run({ job }: { job: { id: number } }): void {
        runs.push(job.id);
        for (const wake of waiting.splice(0)) wake();
      }
    }
    Reflect.defineMetadata('design:paramtypes', [ThriftWorkers], JobsController);
    @Module({ controllers: [JobsController] })
    class JobsModule {}
    const strategy = new ServerSqsThrift({ ...access, queue: 'jobs', service: Jobs, waitTimeSeconds: 1 });
    const app = closeLater(await ThriftFactory.createMicroservice(JobsModule, strategy, { logger: new TestLog() }));
    const client = closeLater(new ClientSqsThrift({ ...access, queue: 'jobs', service: Jobs }));
    await app.listen();
    const { workers } = app.get(JobsController, { strict: false });
    const worker = workers.get('jobs');
    let sent = 0;
    for (let round = 0; round < 8; round += 1) {
      await Promise.all(Array.from({ length: 5 }, () => emit(client, (sent += 1))));
      const paused = worker.pause(round % 2 === 0 ? { untilIdle: true } : {});
      await Promise.all(Array.from({ length: 5 }, () => emit(client, (sent += 1))));
      if (round % 3 > 0) await paused;
      worker.resume();
    }
    while (runs.length < sent) await new Promise<void>((resolve) => waiting.push(resolve));
    await worker.pause({ untilIdle: true });
    expect([...runs].sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, at) => at + 1));
    expect(worker.state).toMatchObject({ status: 'paused', queue: 'jobs', inHand: 0, openReceives: 0 });
  }, 30_000);
});
