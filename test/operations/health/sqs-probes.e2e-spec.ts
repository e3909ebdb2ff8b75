import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { workerLiveness, workerReadiness } from 'nestjs-sqs-thrift/health';
import { filter, firstValueFrom } from 'rxjs';
import { call } from '../../fakes/sqs/call.js';
import { startFaultProxy } from '../../fakes/proxy/fault-proxy.js';
import { type SqsFake, startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { closeAll, closeLater, Jobs, TestLog } from '../../nest/harness.js';

afterEach(closeAll);

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(): void {}
}
@Module({ controllers: [JobsController] })
class JobsModule {}

async function workerOn(endpoint: string, { region, credentials }: SqsFake): Promise<ServerSqsThrift> {
  const options = { endpoint, region, credentials, queue: 'jobs', service: Jobs, waitTimeSeconds: 1 };
  const strategy = new ServerSqsThrift(options);
  const app = closeLater(await ThriftFactory.createMicroservice(JobsModule, strategy, { logger: new TestLog() }));
  await app.listen();
  return strategy;
}

async function fakeSqs(): Promise<SqsFake> {
  const fake = await startSqsFake();
  closeLater({ close: () => fake.stop() });
  fake.createQueue('jobs');
  return fake;
}

const until = (strategy: ServerSqsThrift, status: string): Promise<unknown> =>
  firstValueFrom(strategy.status.pipe(filter((one) => one === status)));

async function expectDown(strategy: ServerSqsThrift, failure: RegExp): Promise<void> {
  await until(strategy, 'down');
  const { state } = strategy;
  expect([workerReadiness(state).ok, workerLiveness(state).ok]).toEqual([false, true]);
  expect(state).toMatchObject({ status: 'down', queue: 'jobs', failure: expect.stringMatching(failure) });
}

async function expectUp(strategy: ServerSqsThrift): Promise<void> {
  await until(strategy, 'up');
  expect([workerReadiness(strategy.state).ok, workerLiveness(strategy.state).ok]).toEqual([true, true]);
}

describe('the probes of a worker on SQS', () => {
  it('answer not ready and alive while the network is gone, and ready after it', async () => {
    const fake = await fakeSqs();
    const proxy = await startFaultProxy({ target: fake.endpoint });
    closeLater({ close: () => proxy.stop() });
    const strategy = await workerOn(proxy.endpoint, fake);
    await expectUp(strategy);
    await proxy.set({ kind: 'down' });
    await expectDown(strategy, /./);
    await proxy.set({ kind: 'up' });
    await expectUp(strategy);
  });

  it('answer not ready and alive while the keys are revoked', async () => {
    const fake = await fakeSqs();
    const strategy = await workerOn(fake.endpoint, fake);
    await expectUp(strategy);
    fake.on('ReceiveMessage', { status: 403, error: 'AccessDenied' });
    await expectDown(strategy, /^AccessDeniedException: ReceiveMessage is not allowed on queue "jobs"/);
  });

  it('answer not ready and alive when the queue is deleted', async () => {
    const fake = await fakeSqs();
    const strategy = await workerOn(fake.endpoint, fake);
    await expectUp(strategy);
    await call(fake, 'DeleteQueue', { queue: 'jobs' });
    await expectDown(strategy, /./);
  });
});

describe('a paused worker in a process of its own', () => {
  it('keeps the process alive although nothing is open, and lets it end when it is closed', async () => {
    const program = `
      import { ThriftFactory } from './dist/index.js';
      import { loadSchemaFromText, findService } from './dist/idl.js';
      import { ServerThriftMemory } from './dist/testing.js';
      const service = findService(loadSchemaFromText('service Jobs { oneway void run() }'), 'Jobs');
      const strategy = new ServerThriftMemory({ service, queue: 'jobs' });
      class JobsModule {}
      const app = await ThriftFactory.createMicroservice({ module: JobsModule }, strategy, { logger: false });
      await app.listen();
      await strategy.pause();
      setTimeout(() => {
        console.log('alive', strategy.state.status, strategy.state.openReceives);
        void app.close().then(() => console.log('closed'));
      }, 300).unref();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim().split('\n')).toEqual(['alive paused 0', 'closed']);
  });
});
