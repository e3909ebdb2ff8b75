import {
  Controller,
  Get,
  type INestApplication,
  type INestMicroservice,
  Module,
  Post,
  type Type,
} from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { ThriftContext, ThriftFactory } from 'nestjs-sqs-thrift';
import { ServerThriftHttp, type ServerThriftHttpOptions } from 'nestjs-sqs-thrift/http';
import { closeLater, Jobs, type TestLog } from '../harness.js';

/** Runs a job. */
export type HandleJob = (id: number, context: ThriftContext) => unknown;

/** A module whose controller runs `handle` for each job, and serves HTTP routes of its own. */
export function jobsModule(handle: HandleJob): Type {
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() { job }: { job: { id: number } }, @Ctx() context: ThriftContext): unknown {
      return handle(job.id, context);
    }

    @Get('page')
    page(): string {
      return 'a page';
    }

    @Post('thrift/below')
    below(): string {
      return 'a route below';
    }
  }
  @Module({ controllers: [JobsController] })
  class JobsModule {}
  return JobsModule;
}

/** A strategy that listens, and the address of its server. */
export interface StartedServer {
  readonly app: INestMicroservice | INestApplication;
  readonly server: ServerThriftHttp;
  readonly port: number;
  readonly url: string;
}

/** Starts a microservice with a server of its own, at any free port. */
export async function startServer(
  handle: HandleJob,
  options: Partial<ServerThriftHttpOptions> = {},
  logger: TestLog | false = false,
): Promise<StartedServer> {
  const given = { port: 0, host: '127.0.0.1', path: '/thrift', service: Jobs, retry: { baseSeconds: 0 }, ...options };
  const server = new ServerThriftHttp(given);
  const app = await ThriftFactory.createMicroservice(jobsModule(handle), server, { logger, abortOnError: false });
  closeLater(app);
  await app.listen();
  const { port } = server.address!;
  return { app, server, port, url: `http://127.0.0.1:${port}/thrift` };
}

/** A list that a test waits on. */
export class Seen<T> {
  readonly items: T[] = [];
  private readonly waiting: (() => void)[] = [];

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const wake of this.waiting.splice(0)) wake();
  };

  async until(count: number): Promise<readonly T[]> {
    while (this.items.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.items;
  }
}

export const job = (id: number): { job: { id: number } } => ({ job: { id } });
