import { Controller, forwardRef, Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { sendOne } from './deliver.js';
import { closeAll, closeLater, TestClient, TestServer } from './harness.js';

const seen: string[] = [];

@Injectable()
class Database implements OnApplicationBootstrap {
  onApplicationBootstrap(): void {
    seen.push('bootstrap');
  }
}

@Controller()
class JobsController {
  @EventPattern<string>('run')
  run(@Payload() { job }: { job: { id: number } }): void {
    seen.push(`job ${job.id}`);
  }
}

const metadata = { controllers: [JobsController], providers: [Database] };

@Module(metadata)
class AppModule {}

const quiet = { logger: false, abortOnError: false } as const;
const compile = () => Test.createTestingModule({ imports: [AppModule] }).compile();
type Given = Parameters<typeof ThriftFactory.create>[0];

beforeEach(() => {
  seen.length = 0;
});
afterEach(closeAll);

describe('a module of ThriftFactory', () => {
  it.each<[what: string, module: () => Given]>([
    ['a class', () => AppModule],
    ['a dynamic module', () => ({ module: class {}, ...metadata })],
    ['a promise of a dynamic module', async () => ({ module: AppModule })],
    ['a forward reference', () => forwardRef(() => AppModule)],
    ['metadata without a class', () => metadata],
    ['a compiled testing module', async () => compile()],
  ])('can be %s', async (_, module) => {
    const queue = createMemoryQueue();
    const strategy = new TestServer(queue);
    const app = closeLater(await ThriftFactory.createMicroservice(module(), strategy, quiet));
    await app.listen();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    await strategy.untilSettled(1);
    expect(seen).toEqual(['bootstrap', 'job 1']);
  });

  it.each<[what: string, module: () => unknown, message: string]>([
    ['nothing', () => undefined, 'undefined'],
    ['a name', () => 'AppModule', 'the text "AppModule"'],
    ['a strategy', () => new TestServer(createMemoryQueue()), 'a strategy; pass the module first, then the strategy'],
    [
      'a testing module before compile()',
      () => Test.createTestingModule({ imports: [AppModule] }),
      'a testing module that is not compiled; await its method compile()',
    ],
    ['an application', () => NestFactory.create(AppModule, quiet), 'an application; pass its module'],
  ])('is refused with a remedy, given %s', async (_, module, message) => {
    const text = `ThriftFactory needs a module; the first argument is ${message}`;
    const strategy = new TestServer(createMemoryQueue());
    const given = (await module()) as Given;
    await expect(ThriftFactory.create(given, strategy, quiet)).rejects.toThrow(new TypeError(text));
    await expect(ThriftFactory.createMicroservice(given, strategy, quiet)).rejects.toThrow(new TypeError(text));
  });
});

describe('a testing module', () => {
  it('becomes a microservice with overridden providers', async () => {
    const queue = createMemoryQueue();
    const strategy = new TestServer(queue);
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await builder.overrideProvider(Database).useValue({}).compile();
    const app = closeLater(await ThriftFactory.createMicroservice(module, strategy));
    await app.listen();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    await strategy.untilSettled(1);
    expect(seen).toEqual(['job 1']);
  });

  it('becomes a hybrid application', async () => {
    const queue = createMemoryQueue();
    const strategy = new TestServer(queue);
    const app = closeLater(await ThriftFactory.create(await compile(), strategy));
    await app.init();
    await app.startAllMicroservices();
    await sendOne(new TestClient(() => Promise.resolve(queue)));
    await strategy.untilSettled(1);
    expect(seen.at(-1)).toBe('job 1');
  });

  it('gives a factory its providers, and undefined for an optional one that it lacks', async () => {
    const injected: unknown[] = [];
    const useFactory = (...given: unknown[]): TestServer => {
      injected.push(...given);
      return new TestServer(createMemoryQueue());
    };
    const inject = [Database, { token: 'SETTINGS', optional: true }];
    closeLater(await ThriftFactory.createMicroservice(await compile(), { inject, useFactory }));
    expect(injected).toEqual([expect.any(Database), undefined]);
  });

  it('is refused with a remedy if it lacks what a factory injects', async () => {
    const source = { inject: ['SETTINGS'], useFactory: () => new TestServer(createMemoryQueue()) };
    await expect(ThriftFactory.createMicroservice(await compile(), source)).rejects.toThrow(
      /cannot be given what it injects: .*SETTINGS.*add the modules of the option imports to Test\.createTestingModule/,
    );
  });
});
