/**
 * A worker that is asked to stop. Tells its parent when it receives, each line of its log, and each
 * message that it begins to handle.
 *
 * Arguments: `memory` or `sqs` for the queue, and `idle`, `deaf` or `quick` for the handler: `deaf`
 * never ends and ignores its signal.
 * Environment: AWS_ENDPOINT_URL_SQS and QUEUE for `sqs`, HYBRID (1: an application with HTTP).
 */
import 'reflect-metadata';
import { Controller, type LoggerService, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type BaseThriftServer, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ServerThriftMemory } from 'nestjs-sqs-thrift/testing';

const [kind, handler] = process.argv.slice(2);
const service = findService(loadSchemaFromText('service Jobs { oneway void run() }'), 'Jobs');
const queue = process.env['QUEUE'] ?? 'jobs';

function tell(fact: string): void {
  process.send?.(fact);
}

const logger: LoggerService = {
  log: (line: unknown) => tell(`log ${String(line)}`),
  warn: (line: unknown) => tell(`warn ${String(line)}`),
  error: (line: unknown) => tell(`error ${String(line)}`),
};

@Controller()
class JobsController {
  @EventPattern<string>('run')
  async run(): Promise<void> {
    tell('handling');
    if (handler === 'deaf') await new Promise(() => undefined);
  }
}

@Module({ controllers: [JobsController] })
class JobsModule {}

const strategy: BaseThriftServer =
  kind === 'memory' ? new ServerThriftMemory({ queue, service }) : new ServerSqsThrift({ queue, service });
if (process.env['HYBRID'] === '1') {
  const app = await ThriftFactory.create(JobsModule, strategy, { logger });
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
} else {
  const app = await ThriftFactory.createMicroservice(JobsModule, strategy, { logger });
  app.enableShutdownHooks();
  await app.listen();
}
tell('ready');
