/** Emits and handles uploads over a transport of your choice: `--over sqs`, `socket`, `http`, `starling` or `memory`. */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { Outcomes } from './outcomes.js';
import { TRANSPORTS } from './transports.js';
import { UploadsController } from './uploads.controller.js';
import { UPLOADS, UploadsEmitter } from './uploads.emitter.js';

const COUNT = 10;

const { over } = parseArgs({ options: { over: { type: 'string', default: 'sqs' } } }).values;
const start = TRANSPORTS[over];
if (start === undefined) {
  console.error(`There is no transport "${over}". Choose one of ${Object.keys(TRANSPORTS).join(', ')}.`);
  process.exit(1);
}
const transport = await start();
const outcomes = new Outcomes(transport.server);

@Module({ controllers: [UploadsController] })
class WorkerModule {}

// The calls that fail here fail on purpose, so their log is off.
const worker = await ThriftFactory.createMicroservice(WorkerModule, transport.server, { logger: false });
await worker.listen();

@Module({ providers: [UploadsEmitter, { provide: UPLOADS, useFactory: transport.createClient }] })
class WebModule {}

const web = await NestFactory.createApplicationContext(WebModule, { logger: false });
try {
  await web.get(UploadsEmitter).emit(COUNT);
  await outcomes.untilEnded(COUNT);
  const { handled, retried, rejected } = outcomes;
  console.log(`emitted  ${COUNT}`);
  console.log(`handled  ${handled}`);
  console.log(`retried  ${retried}`);
  console.log(`rejected ${rejected}`);
  console.log(`lost     ${COUNT - handled - rejected}`);
} finally {
  await web.get<{ close(): Promise<void> }>(UPLOADS).close();
  await web.close();
  await worker.close();
  await transport.stop();
}
