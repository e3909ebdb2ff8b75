import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Controller,
  type INestApplication,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { sendOne } from './deliver.js';
import { closeAll, closeLater, TestClient, TestServer } from './harness.js';

afterEach(closeAll);

/** An application that notes what happens, with hooks that take several turns. */
function application(): { AppModule: new () => object; facts: string[] } {
  const facts: string[] = [];
  const slowly = async (fact: string): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    facts.push(fact);
  };
  @Injectable()
  class Database implements OnModuleInit, OnApplicationBootstrap {
    onModuleInit(): Promise<void> {
      return slowly('init');
    }

    onApplicationBootstrap(): Promise<void> {
      return slowly('bootstrap');
    }
  }
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(): void {
      facts.push('handled');
    }
  }
  @Module({ controllers: [JobsController], providers: [Database] })
  class AppModule {}
  return { AppModule, facts };
}

type Create = (AppModule: new () => object, server: TestServer) => Promise<INestApplication>;

const FORMS: [form: string, create: Create][] = [
  ['ThriftFactory with a module', (AppModule, server) => ThriftFactory.create(AppModule, server, { logger: false })],
  [
    'ThriftFactory with a testing module',
    async (AppModule, server) => {
      const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
      return ThriftFactory.create(module, server, { logger: false });
    },
  ],
];

const ORDERS: [order: string, start: (app: INestApplication) => Promise<unknown>][] = [
  ['the microservices, then HTTP', async (app) => [await app.startAllMicroservices(), await listen(app)]],
  ['HTTP, then the microservices', async (app) => [await listen(app), await app.startAllMicroservices()]],
  ['both at once', (app) => Promise.all([app.startAllMicroservices(), listen(app)])],
  ['the microservices, then init', async (app) => [await app.startAllMicroservices(), await app.init()]],
  ['init, then the microservices', async (app) => [await app.init(), await app.startAllMicroservices()]],
];

function listen(app: INestApplication): Promise<unknown> {
  return app.listen(0, '127.0.0.1');
}

describe.each(FORMS)('the start of %s', (_form, create) => {
  it.each(ORDERS)('handles a waiting message only after all hooks: %s', async (_order, start) => {
    const { AppModule, facts } = application();
    const queue = createMemoryQueue();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    const server = new TestServer(queue);
    await start(closeLater(await create(AppModule, server)));
    await server.untilSettled(1);
    expect(facts).toEqual(['init', 'bootstrap', 'handled']);
  });
});
