import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Logger, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { ClientThriftMemory, type EmbeddedSqs, ServerThriftMemory, startEmbeddedSqs } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater, Jobs, TestLog } from '../harness.js';
import { job, startJobs } from '../memory/harness.js';

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(): void {}
  @EventPattern<string>('run')
  runToo(): void {}
  @EventPattern<string>('stop')
  stop(): void {}
  @EventPattern<string>('ping')
  ping(): void {}
}
@Module({ controllers: [JobsController] })
class JobsModule {}

const linesOf = (log: TestLog): readonly string[] => log.lines.filter((line) => line.includes(' receiving from '));

afterEach(async () => {
  await closeAll();
  Logger.overrideLogger(false);
});

describe('a worker on SQS', () => {
  let sqs: EmbeddedSqs;
  beforeAll(async () => {
    sqs = await startEmbeddedSqs();
  });
  afterAll(() => sqs.stop());

  it('writes one line at its start, with queue, endpoint, handlers and concurrency, and one line at its end', async () => {
    const { endpoint, region, credentials } = sqs;
    await sqs.createQueue('jobs', { deadLetterQueue: true });
    const log = new TestLog();
    const options = { endpoint, region, credentials, queue: 'jobs', service: Jobs, concurrency: 7 };
    const app = await ThriftFactory.createMicroservice(JobsModule, new ServerSqsThrift(options), { logger: log });
    await app.listen();
    const place = `queue "jobs" (region us-east-1, endpoint ${endpoint})`;
    expect(linesOf(log)).toEqual([`log: receiving from ${place}, with 4 handlers and concurrency 7`]);
    await app.close();
    expect(linesOf(log).slice(1)).toEqual([`log: stopped receiving from ${place}: no message is left in hand`]);
  });
});

describe('a worker whose handler does not end', () => {
  it('names what it gave up in the line at its end', async () => {
    const log = new TestLog();
    const server = new ServerThriftMemory({ service: Jobs, queue: 'slow-jobs', drainTimeoutMs: 100 });
    const client = closeLater(new ClientThriftMemory({ service: Jobs, queue: 'slow-jobs' }));
    let begun!: () => void;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const app = await startJobs(server, () => new Promise(() => begun()), log);
    await lastValueFrom(client.emit('run', job(1)));
    await beginning;
    await app.close();
    expect(linesOf(log)).toEqual([
      'log: receiving from slow-jobs, with 1 handler and concurrency 10',
      'log: stopped receiving from slow-jobs: gave up 1 message in hand (run)',
    ]);
  });
});
