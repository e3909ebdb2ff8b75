/**
 * A worker on a queue of Starling or Kestrel. Tells its parent when it is ready, and each call that
 * it begins and ends.
 *
 * Arguments: the port of the server, and `hold` for a handler that never ends or `handle`.
 */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ServerThriftStarling } from 'nestjs-sqs-thrift/starling';

const [port, handler] = process.argv.slice(2);
const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');

@Controller()
class JobsController {
  @EventPattern<string>('run')
  async run(@Payload() { id }: { id: number }): Promise<void> {
    process.send?.(`begins ${id}`);
    if (handler === 'hold') await new Promise(() => undefined);
    process.send?.(`ends ${id}`);
  }
}

@Module({ controllers: [JobsController] })
class JobsModule {}

const strategy = new ServerThriftStarling({ queue: 'jobs', service, port: Number(port), drainTimeoutMs: 500 });
const app = await ThriftFactory.createMicroservice(JobsModule, strategy, { logger: false });
app.enableShutdownHooks();
await app.listen();
process.send?.('ready');
