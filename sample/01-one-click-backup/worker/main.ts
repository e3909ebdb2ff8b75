import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, SqsThriftModule } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { BackupController, REPORTS_CLIENT } from './backup.controller.js';

@Module({
  imports: [ClientsModule.register([{ name: REPORTS_CLIENT, customClass: ClientSqsThrift, options: REPORTS }])],
  controllers: [BackupController],
})
class WorkerModule {}

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
  SqsThriftModule.forRoot(WorkerModule, { ...REQUESTS, waitTimeSeconds: 2 }),
  { ...SqsThriftModule.microservice, logger: ['warn', 'error'] },
);
app.enableShutdownHooks();
await app.listen();
process.send?.('ready');
