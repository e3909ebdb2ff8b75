import { Injectable, type LoggerService, Module } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type StrategySource, ThriftFactory } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, TestLog, TestServer } from './harness.js';

const made: string[] = [];

@Injectable()
class Database {
  constructor() {
    made.push('database');
  }
}

@Module({ providers: [Database], exports: [Database] })
class AppModule {}

const strategy = (): TestServer => new TestServer(createMemoryQueue());

afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
  made.length = 0;
});

describe('options of Nest', () => {
  it.each([true, false])('flush buffered logs at the start only with autoFlushLogs: %s', async (autoFlushLogs) => {
    const log = new TestLog();
    const options = { logger: log as LoggerService, bufferLogs: true, autoFlushLogs, abortOnError: false };
    const app = closeLater(await ThriftFactory.createMicroservice(AppModule, strategy(), options));
    await app.listen();
    expect(log.lines.length > 0).toBe(autoFlushLogs);
    app.flushLogs();
    expect(log.lines).toContain('log: Nest microservice successfully started');
  });

  it.each<[what: string, source: () => StrategySource]>([
    ['a strategy', strategy],
    ['a factory', () => ({ inject: [Database], useFactory: strategy })],
  ])('show the modules in preview mode without a provider or a warning, given %s', async (_, source) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const log = new TestLog();
    const options = { logger: log as LoggerService, preview: true, abortOnError: false };
    const hybrid = closeLater(await ThriftFactory.create(AppModule, source(), options));
    const microservice = closeLater(await ThriftFactory.createMicroservice(AppModule, source(), options));
    await Promise.all([hybrid.init(), microservice.init()]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(made).toEqual([]);
    expect(log.lines.filter((line) => line.includes('strategy'))).toEqual([]);
  });
});
