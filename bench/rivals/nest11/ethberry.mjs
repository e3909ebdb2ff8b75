/** Consumes with @ethberry/nestjs-sqs and its defaults. A deserializer reads the bodies of the benchmark. */
import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { SqsServer } from '@ethberry/nestjs-sqs';
import { access } from '../../../build/bench/kit/access.js';
import { count, decode, serveConsumer } from './handled.mjs';

class VisitsController {
  visited() {
    count();
  }
}
const visited = Object.getOwnPropertyDescriptor(VisitsController.prototype, 'visited');
EventPattern('visited')(VisitsController.prototype, 'visited', visited);
Controller()(VisitsController);

class AppModule {}
Module({ controllers: [VisitsController] })(AppModule);

const deserializer = {
  deserialize({ Body }) {
    const { method, args } = decode(Body);
    return { pattern: method, data: args };
  },
};

async function start({ endpoint, queueUrl }) {
  const sqs = new SQSClient({ ...access, endpoint });
  const options = { consumerOptions: { sqs, queueUrl }, producerOptions: { sqs, queueUrl }, deserializer };
  const app = await NestFactory.createMicroservice(AppModule, { strategy: new SqsServer(options), logger: ['error'] });
  await app.listen();
}

serveConsumer({ defaults: start });
