import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { transport } from '../transport.js';
import { BackupController, REPORTS_CLIENT } from './backup.controller.js';

const { server, client } = transport();

@Module({
  imports: [ClientsModule.register([client(REPORTS_CLIENT, REPORTS)])],
  controllers: [BackupController],
})
class WorkerModule {}

const app = await ThriftFactory.createMicroservice(WorkerModule, server(REQUESTS), { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.listen();
process.send?.('ready');
