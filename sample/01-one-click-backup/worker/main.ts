import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { BackupController, REPORTS_CLIENT } from './backup.controller.js';

@Module({
  imports: [ClientsModule.register([{ name: REPORTS_CLIENT, customClass: ClientSqsThrift, options: REPORTS }])],
  controllers: [BackupController],
})
class WorkerModule {}

// In a root module of its own the strategy drains on a signal before anything that its handlers use is destroyed.
@Module({
  imports: [WorkerModule],
  providers: [{ provide: ServerSqsThrift, useFactory: () => new ServerSqsThrift({ ...REQUESTS, waitTimeSeconds: 2 }) }],
})
class RootModule {}

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(RootModule, {
  inject: [ServerSqsThrift],
  useFactory: (strategy: ServerSqsThrift) => ({ strategy }),
  logger: ['warn', 'error'],
});
app.enableShutdownHooks();
await app.listen();
process.send?.('ready');
