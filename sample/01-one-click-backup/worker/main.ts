import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { BackupController, REPORTS_CLIENT } from './backup.controller.js';

@Module({
  imports: [ClientsModule.register([{ name: REPORTS_CLIENT, customClass: ClientSqsThrift, options: REPORTS }])],
  controllers: [BackupController],
})
class WorkerModule {}

const strategy = new ServerSqsThrift({ ...REQUESTS, waitTimeSeconds: 2 });
const app = await ThriftFactory.createMicroservice(WorkerModule, strategy, { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.listen();
process.send?.('ready');
