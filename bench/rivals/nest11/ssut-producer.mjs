/** Sends each event with the service of @ssut/nestjs-sqs. */
import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SqsModule, SqsService } from '@ssut/nestjs-sqs';
import { serveProducer } from '../../../build/bench/flow/serve-producer.js';
import { EVENT_BYTES, eventBody } from '../../../build/bench/kit/events.js';
import { access } from '../../../build/bench/kit/access.js';

const NAME = 'visits';

serveProducer(async ({ endpoint, queue }) => {
  const producer = {
    name: NAME,
    queueUrl: `${endpoint}/000000000000/${queue}`,
    sqs: new SQSClient({ ...access, endpoint }),
  };
  class VisitsModule {}
  Module({ imports: [SqsModule.register({ producers: [producer] })] })(VisitsModule);
  const app = await NestFactory.createApplicationContext(VisitsModule, { logger: ['error', 'warn'] });
  const service = app.get(SqsService);
  return (i, at) => service.send(NAME, { id: String(i), body: eventBody(i, EVENT_BYTES, at) });
});
