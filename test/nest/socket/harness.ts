import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type ThriftContext, ThriftFactory } from 'nestjs-sqs-thrift';
import type { SettledEvent } from 'nestjs-sqs-thrift/port';
import {
  ClientThriftSocket,
  type ClientThriftSocketOptions,
  ServerThriftSocket,
  type ServerThriftSocketOptions,
} from 'nestjs-sqs-thrift/socket';
import { closeLater, Jobs, type TestLog } from '../harness.js';

export type Handle = (id: number, context: ThriftContext) => unknown;

/** A worker over sockets, with a client of it. */
export interface SocketBench {
  readonly app: INestMicroservice;
  readonly server: ServerThriftSocket;
  readonly settled: SettledEvent[];
  /** Resolves when `count` deliveries have ended. */
  untilSettled(count: number): Promise<readonly SettledEvent[]>;
  client(options?: Partial<ClientThriftSocketOptions>): ClientThriftSocket;
}

/** Starts a worker on a free port. Its handler runs `handle` with the number of the job. */
export async function startSocketJobs(
  handle: Handle,
  options: Partial<ServerThriftSocketOptions> = {},
  logger: TestLog | false = false,
): Promise<SocketBench> {
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() { job }: { job: { id: number } }, @Ctx() context: ThriftContext): unknown {
      return handle(job.id, context);
    }
  }
  @Module({ controllers: [JobsController] })
  class JobsModule {}
  const server = new ServerThriftSocket({
    host: '127.0.0.1',
    port: 0,
    service: Jobs,
    stopGraceMs: 0,
    retry: { baseSeconds: 0 },
    ...options,
  });
  const settled: SettledEvent[] = [];
  const waiting: (() => void)[] = [];
  server.on('settled', (event) => {
    settled.push(event);
    for (const wake of waiting.splice(0)) wake();
  });
  const app = await ThriftFactory.createMicroservice(JobsModule, server, { logger, abortOnError: false });
  closeLater(app);
  await app.listen();
  return {
    app,
    server,
    settled,
    async untilSettled(count) {
      while (settled.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return settled;
    },
    client(more = {}) {
      const { port } = server.address!;
      const client = new ClientThriftSocket({ host: '127.0.0.1', port, service: Jobs, ...more });
      closeLater(client);
      return client;
    },
  };
}

export const job = (id: number): { job: { id: number } } => ({ job: { id } });
