/** Consumes with @ssut/nestjs-sqs: with its defaults, and with eight batch consumers on one queue. */
import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SqsMessageHandler, SqsModule } from '@ssut/nestjs-sqs';
import { access } from '../../../build/bench/kit/access.js';
import { count, decode, serveConsumer } from './handled.mjs';

/** Applies a decorator to a method, as the TypeScript compiler does. */
function decorate(Class, method, decorator) {
  decorator(Class.prototype, method, Object.getOwnPropertyDescriptor(Class.prototype, method));
}

/** Creates a provider with one handler for each name. */
function providerOf(names, batch) {
  class Handlers {}
  for (const name of names) {
    Handlers.prototype[name] = batch
      ? async (messages) => {
          for (const { Body } of messages) {
            decode(Body);
            count();
          }
        }
      : async ({ Body }) => {
          decode(Body);
          count();
        };
    decorate(Handlers, name, SqsMessageHandler(name, batch));
  }
  Injectable()(Handlers);
  return Handlers;
}

async function start({ endpoint, queueUrl }, consumerCount, batch) {
  const sqs = new SQSClient({ ...access, endpoint });
  const names = Array.from({ length: consumerCount }, (_, i) => `consumer${i}`);
  const options = batch ? { batchSize: 10 } : {};
  const consumers = names.map((name) => ({ name, queueUrl, sqs, ...options }));
  class AppModule {}
  Module({ imports: [SqsModule.register({ consumers })], providers: [providerOf(names, batch)] })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  await app.init();
}

serveConsumer({
  defaults: (task) => start(task, 1, false),
  best: (task) => start(task, 8, true),
});
