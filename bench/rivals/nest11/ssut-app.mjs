import 'reflect-metadata';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SqsMessageHandler, SqsModule } from '@ssut/nestjs-sqs';
import { access } from '../../../build/bench/kit/access.js';

/** Messages of a receive for a batch handler, of which SQS gives at most ten. */
const BATCH = 10;

/** Applies a decorator to a method, as the TypeScript compiler does. */
function decorate(Class, method, decorator) {
  decorator(Class.prototype, method, Object.getOwnPropertyDescriptor(Class.prototype, method));
}

/** Creates a provider with one handler for each name. */
function providerOf(names, batch, handle) {
  class Handlers {}
  for (const name of names) {
    Handlers.prototype[name] = batch
      ? async (messages) => {
          for (const { Body } of messages) handle(Body);
        }
      : async ({ Body }) => handle(Body);
    decorate(Handlers, name, SqsMessageHandler(name, batch));
  }
  Injectable()(Handlers);
  return Handlers;
}

/**
 * Starts a Nest application that consumes one queue with @ssut/nestjs-sqs.
 *
 * @param {{ endpoint: string, queueUrl: string }} where
 * @param {{ consumers: number, batch: boolean }} options number of consumers, and the kind of their handlers
 * @param {(body: string) => void} handle called with the body of each message
 */
export async function startConsumers({ endpoint, queueUrl }, { consumers, batch }, handle) {
  const sqs = new SQSClient({ ...access, endpoint });
  const names = Array.from({ length: consumers }, (_, i) => `consumer${i}`);
  const options = batch ? { batchSize: BATCH } : {};
  const registered = names.map((name) => ({ name, queueUrl, sqs, ...options }));
  class AppModule {}
  Module({
    imports: [SqsModule.register({ consumers: registered })],
    providers: [providerOf(names, batch, handle)],
  })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  await app.init();
}
