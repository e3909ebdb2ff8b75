import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift, ThriftFactory } from 'nestjs-sqs-thrift';
import { REPORTS, REQUESTS } from '../contract.js';
import { BackupsController, REQUESTS_CLIENT } from './backups.controller.js';
import { BackupsService } from './backups.service.js';
import { ReportsController } from './reports.controller.js';

@Module({
  imports: [ClientsModule.register([{ name: REQUESTS_CLIENT, customClass: ClientSqsThrift, options: REQUESTS }])],
  controllers: [BackupsController, ReportsController],
  providers: [BackupsService],
})
class WebModule {}

const strategy = new ServerSqsThrift({ ...REPORTS, waitTimeSeconds: 2 });
const app = await ThriftFactory.create(WebModule, strategy, { logger: ['warn', 'error'] });
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
process.send?.(await app.getUrl());
