import { Controller, type INestApplicationContext, Module } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SQS_THRIFT, ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, Other, TestServer } from './harness.js';

const FAST = Symbol('fast');

abstract class BaseController {
  @EventPattern<string>('rnu', FAST)
  misspelt(): void {}
}

@Controller()
class OtherController extends BaseController {
  @EventPattern<string>('run')
  run(): void {}
  @EventPattern<string>('elsewhere')
  elsewhere(): void {}
}

@Module({ controllers: [OtherController] })
class FeatureModule {}

@Module({ imports: [FeatureModule] })
class AppModule {}

function serverOf(transportId: symbol): TestServer {
  return new TestServer(createMemoryQueue(), { service: Other, onUnhandledMethod: 'fail', transportId });
}

type Start = (server: TestServer) => Promise<INestApplicationContext>;

const STARTS: [string, Start][] = [
  [
    'a microservice',
    async (server) => {
      const app = await ThriftFactory.createMicroservice(AppModule, server, { logger: false, abortOnError: false });
      await closeLater(app).listen();
      return app;
    },
  ],
  [
    'a hybrid application',
    async (server) => {
      const app = await ThriftFactory.create(AppModule, server, { logger: false, abortOnError: false });
      await closeLater(app).startAllMicroservices();
      return app;
    },
  ],
  [
    'a testing module',
    async (server) => {
      const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
      const app = await ThriftFactory.create(module, server, { logger: false, abortOnError: false });
      await closeLater(app).startAllMicroservices();
      return app;
    },
  ],
];

afterEach(closeAll);

describe('a misspelt handler that is pinned to a strategy', () => {
  it.each(STARTS)('prevents the start of this strategy with onUnhandledMethod fail: %s', async (_, start) => {
    await expect(start(serverOf(FAST))).rejects.toThrow('the pattern "rnu" names no method of Other');
  });

  it.each(STARTS)('does not concern another strategy: %s', async (_, start) => {
    await expect(start(serverOf(SQS_THRIFT))).resolves.toBeDefined();
  });
});
