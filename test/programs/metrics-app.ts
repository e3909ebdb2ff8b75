/**
 * A hybrid application with a worker and a client in memory, which serves metrics by `PrometheusModule`.
 * A program of its own: that package is CommonJS and requires Nest, whose modules Jest cannot require.
 */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { RejectEventException, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { registerPrometheusMetrics } from 'nestjs-sqs-thrift/prometheus';
import { ClientThriftMemory, ServerThriftMemory } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';

class PaymentError extends Error {}

let failures = 0;

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(@Payload() { id }: { id: number }): void {
    if (id === 3) throw new RejectEventException('there is no job 3');
    if (id === 2 && failures === 0) {
      failures += 1;
      throw new PaymentError('try again');
    }
  }
}

@Module({ imports: [PrometheusModule.register()], controllers: [JobsController] })
class AppModule {}

registerPrometheusMetrics();
const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');
const strategy = new ServerThriftMemory({ queue: 'jobs', service, retry: { baseSeconds: 0 }, poisonPolicy: 'drop' });
const client = new ClientThriftMemory({ queue: 'jobs', service });
const app = await ThriftFactory.create(AppModule, strategy, { logger: false });
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');
for (const id of [1, 2, 3]) await lastValueFrom(client.emit('run', { id }));
await strategy.untilEmpty();
process.send!(await app.getUrl());
