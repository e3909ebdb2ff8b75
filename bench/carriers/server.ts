/** Runs one server of the benchmark in its own process, and counts the events that it handles. */
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
import { codec, Visits } from '../kit/events.js';
import { serve } from '../kit/serve.js';
import { consume } from './consumers.js';
import type { ServerKind } from './way.js';

const HOST = '127.0.0.1';
let handled = 0;
let awaited: { readonly events: number; resolve(): void } | undefined;

function count(): void {
  handled += 1;
  settle();
}

/** Ends the wait for events once they were handled. */
function settle(): void {
  if (awaited === undefined || handled < awaited.events) return;
  handled -= awaited.events;
  awaited.resolve();
  awaited = undefined;
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

serve({
  start: (kind: ServerKind) => SERVERS[kind](),
  /** Resolves when the process has handled so many events more. */
  handled: (events: number) =>
    new Promise<void>((resolve) => {
      awaited = { events, resolve };
      settle();
    }),
  /** Lets the process empty a queue. Returns the costs between the first and the last event. */
  consume,
});
