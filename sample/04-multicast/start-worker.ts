import { type INestMicroservice, Module } from '@nestjs/common';
import { ServerSqsThrift, type ServerSqsThriftOptions, ThriftFactory } from 'nestjs-sqs-thrift';
import { Uploads } from '../generated/uploads.js';
import { SeenService } from './seen.service.js';
import { UploadsController } from './uploads.controller.js';

/** Starts a worker on its own queue. */
export interface Worker {
  readonly app: INestMicroservice;
  readonly seen: SeenService;
}

export async function startWorker(options: Omit<ServerSqsThriftOptions, 'service'>): Promise<Worker> {
  @Module({ providers: [SeenService], controllers: [UploadsController] })
  class UploadsModule {}

  const strategy = new ServerSqsThrift({ service: Uploads, waitTimeSeconds: 1, ...options });
  const app = await ThriftFactory.createMicroservice(UploadsModule, strategy, { logger: ['error'] });
  await app.listen();
  return { app, seen: app.get(SeenService, { strict: false }) };
}
