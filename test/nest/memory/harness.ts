import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { type ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { closeLater, type TestLog } from '../harness.js';

/** Starts a worker on a strategy. Its handlers run `handle` with the number of the job. */
export async function startJobs(
  server: ServerThriftMemory,
  handle: (id: number) => unknown,
  logger: TestLog | false = false,
): Promise<INestMicroservice> {
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() { job }: { job: { id: number } }): unknown {
      return handle(job.id);
    }
  }
  @Module({ controllers: [JobsController] })
  class JobsModule {}
  const app = await ThriftFactory.createMicroservice(JobsModule, server, { logger, abortOnError: false });
  closeLater(app);
  await app.listen();
  return app;
}

/** Lets everything run that runs at once. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export const job = (id: number): { job: { id: number } } => ({ job: { id } });
