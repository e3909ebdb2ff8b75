/**
 * Runs one server of the benchmark in its own process, and counts what it handles. Sends its port,
 * then an answer to each question of `child.ts`.
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Transport } from '@nestjs/microservices';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { ServerThriftHttp } from 'nestjs-sqs-thrift/http';
import { ServerThriftSocket } from 'nestjs-sqs-thrift/socket';
import { startEmbeddedStarling } from 'nestjs-sqs-thrift/testing';
import { codec, Visits } from '../events.js';
import { cpuTime } from './cpu-time.js';
import type { Question, ServerKind } from './child.js';
import { consume } from './consumers.js';

const HOST = '127.0.0.1';
let handled = 0;
let wanted = Infinity;

function count(): void {
  handled += 1;
  if (handled >= wanted) answer();
}

/** Answers that the wanted events were handled. */
function answer(): void {
  handled -= wanted;
  wanted = Infinity;
  process.send!(true);
}

@Controller()
class CountController {
  @EventPattern<string>('visited')
  visited(): void {
    count();
  }
}

@Module({ controllers: [CountController] })
class CountModule {}

const SERVERS: Readonly<Record<ServerKind, () => Promise<number>>> = {
  async 'nest-tcp'() {
    const options = { host: HOST, port: 0 };
    const app = await NestFactory.createMicroservice(CountModule, { transport: Transport.TCP, options, logger: false });
    await app.listen();
    return portOf(app.unwrap<Server>());
  },
  async socket() {
    const strategy = new ServerThriftSocket({ host: HOST, port: 0, service: Visits });
    await listen(strategy);
    return strategy.address!.port;
  },
  async http() {
    const strategy = new ServerThriftHttp({ host: HOST, port: 0, path: '/thrift', service: Visits });
    await listen(strategy);
    return strategy.address!.port;
  },
  /** Reads and decodes each request and answers it, as a server without a library would. */
  async 'raw-http'() {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        codec.decode(Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-thrift', 'content-length': '0' }).end();
        count();
      });
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, HOST);
    await once(server, 'listening');
    return portOf(server);
  },
  starling: async () => (await startEmbeddedStarling({ server: 'starling' })).port,
  siberite: async () => (await startEmbeddedStarling({ server: 'siberite' })).port,
  consumer: () => Promise.resolve(0),
};

async function listen(strategy: ServerThriftSocket | ServerThriftHttp): Promise<void> {
  const app = await ThriftFactory.createMicroservice(CountModule, strategy, { logger: ['error'] });
  await app.listen();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

process.on('message', (question: Question) => {
  if ('consume' in question) return void consume(question.consume).then((costs) => process.send!(costs));
  if ('cpu' in question) return void process.send!(cpuTime());
  wanted = question.handled;
  if (handled >= wanted) answer();
});
process.on('disconnect', () => process.exit(0));
process.send!(await SERVERS[process.argv[2] as ServerKind]());
