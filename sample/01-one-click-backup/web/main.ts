import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { transport } from '../transport.js';
import { BackupsController, REQUESTS_CLIENT } from './backups.controller.js';
import { BackupsService } from './backups.service.js';
import { ReportsController } from './reports.controller.js';

const { server, client } = transport();

@Module({
  imports: [ClientsModule.register([client(REQUESTS_CLIENT, REQUESTS)])],
  controllers: [BackupsController, ReportsController],
  providers: [BackupsService],
})
class WebModule {}

const app = await ThriftFactory.create(WebModule, server(REPORTS), { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
process.send?.(await app.getUrl());
