/**
 * A worker that is handling a message while it gets SIGTERM. Tells its parent, in order, what happened.
 * Argument: `microservice` or `hybrid`.
 */
import 'reflect-metadata';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Global, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, EventPattern } from '@nestjs/microservices';
import { findService, loadSchemaFromText, type Queue, ServerThriftQueue, SqsThriftModule } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';

const tell = (fact: string): void => void process.send?.(fact);
const Jobs = findService(loadSchemaFromText('service Jobs { oneway void run() }'), 'Jobs');
const queue = createMemoryQueue();
await queue.send([{ body: 'gAEABAAAAANydW4AAAAAAA==' }]);

class Strategy extends ServerThriftQueue {
  protected override openQueue = (): Promise<Queue> => Promise.resolve(queue);
  protected override openDeadLetterQueue = this.openQueue;
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
  constructor(
    private readonly database: Database,
    private readonly cache: Cache,
  ) {}

  onModuleDestroy(): void {
    tell('controller closed');
  }

  @EventPattern<string>('run')
  async run(): Promise<void> {
    const signalled = once(process, 'SIGTERM');
    tell('handling');
    await signalled;
    await wait(100);
    tell(`handled, database ${this.database.open ? 'open' : 'closed'}, cache ${this.cache.open ? 'open' : 'closed'}`);
  }
}

@Module({ imports: [DatabaseModule], controllers: [JobsController], providers: [Cache] })
class JobsModule {}

const root = SqsThriftModule.forRootAsync(JobsModule, {
  useFactory: () => new Strategy({ service: Jobs, waitTimeSeconds: 0 }),
});
if (process.argv[2] === 'hybrid') {
  const app = await NestFactory.create(root, { logger: ['error'] });
  app.connectMicroservice(SqsThriftModule.microservice);
  app.enableShutdownHooks();
  await app.init();
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
} else {
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, {
    ...SqsThriftModule.microservice,
    logger: ['error'],
  });
  app.enableShutdownHooks();
  await app.listen();
}
process.on('exit', () => tell(`queue holds ${JSON.stringify(queue.depth())}`));
