import 'reflect-metadata';
import { type INestMicroservice, type LoggerService, Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import {
  BaseThriftClient,
  type BaseThriftClientOptions,
  type QueueError,
  BaseThriftServer,
  type BaseThriftServerOptions,
} from 'nestjs-sqs-thrift';
import { loadSchemaFromText, findService } from 'nestjs-sqs-thrift/idl';
import type { Queue, SettledEvent } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue, type MemoryQueue } from 'nestjs-sqs-thrift/testing';

const SCHEMA = loadSchemaFromText(
  `
  struct Job { 1: required i32 id, 2: string note }
  service Jobs {
    oneway void run(1: Job job)
    oneway void stop(1: i32 id, 2: string why)
    oneway void ping()
    i32 count()
  }
  service Other { oneway void run(1: Job job) }
  `,
  { fileName: 'jobs.thrift' },
);
export const Jobs = findService(SCHEMA, 'Jobs');
export const Other = findService(SCHEMA, 'Other');

/** The strategy over any queue that a test made. */
export class TestServer extends BaseThriftServer {
  readonly settled: SettledEvent[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly source: Queue | QueueError,
    options: Partial<BaseThriftServerOptions> = {},
    private readonly rejected?: Queue,
  ) {
    super({ service: Jobs, retry: { baseSeconds: 0 }, ...options });
    this.on('settled', (event) => {
      this.settled.push(event);
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  /** Waits until `count` deliveries have come to their end. */
  async untilSettled(count: number): Promise<SettledEvent[]> {
    while (this.settled.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.settled;
  }

  protected override async openQueue(): Promise<Queue> {
    if (this.source instanceof Error) throw this.source;
    return this.source;
  }

  protected override async openDeadLetterQueue(): Promise<Queue> {
    return this.rejected!;
  }
}

/** The client over any queue that a test made. */
export class TestClient extends BaseThriftClient {
  opened = 0;

  constructor(
    private readonly source: () => Promise<Queue>,
    options: Partial<BaseThriftClientOptions> = {},
  ) {
    super({ service: Jobs, ...options });
  }

  protected override openQueue(): Promise<Queue> {
    this.opened += 1;
    return this.source();
  }
}

/** Collects the lines that an application wrote into its log. */
export class TestLog implements LoggerService {
  readonly lines: string[] = [];
  readonly log = (message: unknown): void => this.add('log', message);
  readonly warn = (message: unknown): void => this.add('warn', message);
  readonly error = (message: unknown): void => this.add('error', message);

  text(): string {
    return this.lines.join('\n');
  }

  private add(level: string, message: unknown): void {
    this.lines.push(`${level}: ${message instanceof Error ? message.message : String(message)}`);
  }
}

/** A worker under test and everything around it. */
export interface Worker {
  readonly app: INestMicroservice;
  readonly server: TestServer;
  readonly queue: MemoryQueue;
  readonly client: TestClient;
  readonly log: TestLog;
}

/** Parts of a worker that a test sets. */
export interface WorkerParts {
  readonly controllers: Type[];
  readonly providers?: Provider[];
  readonly options?: Partial<BaseThriftServerOptions>;
  readonly queue?: MemoryQueue;
  readonly deadLetters?: Queue;
  readonly prepare?: (app: INestMicroservice) => void;
  /** Runs before the worker starts to receive. */
  readonly before?: (client: TestClient) => Promise<unknown>;
}

const started: { close(): unknown }[] = [];

/** Closes what {@link startWorker} started, also after a failed assertion. Call it in `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of started.splice(0).reverse()) await one.close();
}

/** Registers something for {@link closeAll}. */
export function closeLater<T extends { close(): unknown }>(one: T): T {
  started.push(one);
  return one;
}

/** Starts a Nest microservice on a queue in memory, and a client to it. */
export async function startWorker(parts: WorkerParts): Promise<Worker> {
  const { controllers, providers = [], options = {}, deadLetters, prepare, before } = parts;
  const queue = parts.queue ?? createMemoryQueue();
  @Module({ controllers, providers })
  class WorkerModule {}
  const server = new TestServer(queue, options, deadLetters);
  const log = new TestLog();
  const app = await NestFactory.createMicroservice<CustomStrategy>(WorkerModule, { strategy: server, logger: log });
  prepare?.(app);
  closeLater(app);
  const client = closeLater(new TestClient(() => Promise.resolve(queue)));
  await before?.(client);
  await app.listen();
  return { app, server, queue, client, log };
}
