/** Handles events from SQS with a Nest application and @ssut/nestjs-sqs. */
import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SqsMessageHandler, SqsModule } from '@ssut/nestjs-sqs';
import { serveConsumer } from '../../../build/bench/flow/serve-consumer.js';
import { codec } from '../../../build/bench/kit/events.js';
import { access } from '../../../build/bench/queue-server/start.js';

/** Messages of a receive for a batch handler, of which SQS gives at most ten. */
const BATCH = 10;

/** Creates a provider with a handler for each consumer. */
function handlerClass(names, batch, handled) {
  class VisitsHandler {}
  const { prototype } = VisitsHandler;
  const handle = ({ Body }) => handled(codec.decode(Body)[0].args.visit.at);
  for (const name of names) {
    prototype[name] = batch ? async (messages) => messages.forEach(handle) : async (message) => handle(message);
    SqsMessageHandler(name, batch)(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
  }
  return VisitsHandler;
}

serveConsumer(async ({ endpoint, queue, consumers, batch = false }, handled) => {
  const names = Array.from({ length: consumers }, (_, i) => `consumer${i}`);
  const options = {
    queueUrl: `${endpoint}/000000000000/${queue}`,
    sqs: new SQSClient({ ...access, endpoint }),
    ...(batch && { batchSize: BATCH }),
  };
  class VisitsModule {}
  Module({
    imports: [SqsModule.register({ consumers: names.map((name) => ({ name, ...options })) })],
    providers: [handlerClass(names, batch, handled)],
  })(VisitsModule);
  const app = await NestFactory.createApplicationContext(VisitsModule, { logger: ['error', 'warn'] });
  await app.init();
});
