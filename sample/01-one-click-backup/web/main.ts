import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, ClientsModule } from '@nestjs/microservices';
import { ClientSqsThrift, ServerSqsThrift } from 'nestjs-sqs-thrift';
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

// In a root module of its own the strategy drains on a signal before anything that its handlers use is destroyed.
@Module({
  imports: [WebModule],
  providers: [{ provide: ServerSqsThrift, useFactory: () => new ServerSqsThrift({ ...REPORTS, waitTimeSeconds: 2 }) }],
})
class RootModule {}

const app = await NestFactory.create(RootModule, { logger: ['warn', 'error'] });
app.connectMicroservice<AsyncMicroserviceOptions>({
  inject: [ServerSqsThrift],
  useFactory: (strategy: ServerSqsThrift) => ({ strategy }),
});
app.enableShutdownHooks();
await app.init();
await app.startAllMicroservices();
await app.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
process.send?.(await app.getUrl());
