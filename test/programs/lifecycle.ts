/**
 * A worker that is handling a message while it gets SIGTERM. Tells its parent, in order, what happened.
 * Argument: `microservice`, `hybrid`, or `several` for two strategies that handle a message each.
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Global, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { BaseThriftServer, SQS_THRIFT, ThriftFactory } from 'nestjs-sqs-thrift';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import type { Queue } from 'nestjs-sqs-thrift/port';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';

const tell = (fact: string): void => void process.send?.(fact);
const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run() }'), 'Jobs');
class Strategy extends BaseThriftServer {
  protected override async openQueue(): Promise<Queue> {
    const queue = createMemoryQueue();
    await queue.send([{ body: 'gAEABAAAAANydW4AAAAAAA==' }]);
    return queue;
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    return this.openQueue();
  }
}

@Injectable()
class Database implements OnModuleDestroy {
  open = true;

  onModuleDestroy(): void {
    this.open = false;
    tell('database closed');
  }
}

@Global()
@Module({ providers: [Database], exports: [Database] })
class DatabaseModule {}

@Injectable()
class Cache implements OnModuleDestroy {
  open = true;

  onModuleDestroy(): void {
    this.open = false;
    tell('cache closed');
  }
}

@Controller()
class JobsController implements OnModuleDestroy {
  private calls = 0;

  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
  ) {}

  onModuleDestroy(): void {
    tell('controller closed');
  }

  @EventPattern<string>('run')
  async run(): Promise<void> {
    // One drains sooner than the other.
    const nth = (this.calls += 1);
    const signalled = once(process, 'SIGTERM');
    tell('handling');
    await signalled;
    await wait(100 * nth);
    tell(`handled, database ${this.database.open ? 'open' : 'closed'}, cache ${this.cache.open ? 'open' : 'closed'}`);
  }
}

@Module({ imports: [DatabaseModule], controllers: [JobsController], providers: [Cache] })
class JobsModule {}

const kind = process.argv[2];
const ids = kind === 'several' ? [Symbol('first'), Symbol('second')] : [SQS_THRIFT];
const strategies = ids.map((transportId) => new Strategy({ service: Jobs, waitTimeSeconds: 0, transportId }));
if (kind !== 'microservice') {
  const app = await ThriftFactory.create(JobsModule, strategies, { logger: ['error'] });
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
} else {
  const app = await ThriftFactory.createMicroservice(JobsModule, strategies, { logger: ['error'] });
  app.enableShutdownHooks();
  await app.listen();
}
