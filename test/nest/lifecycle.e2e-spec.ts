import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Controller, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomStrategy, EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { sendOne } from './deliver.js';
import { closeAll, startWorker, TestClient, TestServer } from './harness.js';

afterEach(closeAll);

/** Runs the program, sends SIGTERM while it handles as many messages, and gives what it told. */
async function terminateWhileHandling(kind: string, messages: number): Promise<{ facts: string[]; signal: unknown }> {
  const child = fork('build/test/programs/lifecycle.js', [kind]);
  const facts: string[] = [];
  child.on('message', (fact) => {
    facts.push(String(fact));
    if (facts.filter((one) => one === 'handling').length === messages && fact === 'handling') child.kill('SIGTERM');
  });
  const [, signal] = (await once(child, 'exit')) as [number, string];
  return { facts, signal };
}

describe('a signal while a message is handled', () => {
  it.each([
    ['microservice', 1],
    ['hybrid', 1],
    ['several', 2],
  ])('ends handlers before their providers are destroyed on SIGTERM: %s', async (kind, messages) => {
    const { facts, signal } = await terminateWhileHandling(kind, messages);
    const each = (fact: string): string[] => Array<string>(messages).fill(fact);
    expect(facts.splice(0, 2 * messages)).toEqual([...each('handling'), ...each('handled, database open, cache open')]);
    expect(facts.splice(0, 3).sort()).toEqual(['cache closed', 'controller closed', 'database closed']);
    expect(signal).toBe('SIGTERM');
  });
});

/** A worker whose handler runs until it is released, with a provider that notes its destruction. */
async function busyWorker(drainTimeoutMs: number) {
  const facts: string[] = [];
  let release = (): void => undefined;
  let begun = (): void => undefined;
  const handling = new Promise<void>((resolve) => (begun = resolve));
  @Injectable()
  class Resource implements OnModuleDestroy {
    onModuleDestroy(): void {
      facts.push('destroyed');
    }
  }
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    async run(): Promise<void> {
      begun();
      await new Promise<void>((resolve) => (release = resolve));
      facts.push('handled');
    }
  }
  const worker = await startWorker({
    controllers: [JobsController],
    providers: [Resource],
    options: { drainTimeoutMs },
    before: sendOne,
  });
  await handling;
  return { ...worker, facts, release: () => release() };
}

describe('close', () => {
  it('closes once after running handlers and their acknowledgments, however often close is called', async () => {
    const { app, server, queue, facts, release } = await busyWorker(5_000);
    const closings = Array.from({ length: 10 }, () => server.close());
    expect(new Set(closings).size).toBe(1);
    const closed = app.close();
    release();
    await Promise.all([...closings, closed]);
    expect(facts).toEqual(['handled', 'destroyed']);
    expect(server.settled.map((event) => event.outcome)).toEqual(['ack']);
    expect(queue.messages()).toEqual([]);
  });

  it('aborts a handler when drainTimeoutMs ends and keeps its message in the queue', async () => {
    const { app, server, queue } = await busyWorker(20);
    await app.close();
    expect(server.settled.map((event) => event.outcome)).toEqual(['retry']);
    expect(queue.messages()).toHaveLength(1);
  });

  it('allows close before and during the start', async () => {
    @Module({})
    class AppModule {}
    const server = new TestServer(createMemoryQueue());
    await server.close();
    const strategy = new TestServer(createMemoryQueue());
    const app = await NestFactory.createMicroservice<CustomStrategy>(AppModule, { strategy, logger: false });
    const listening = app.listen();
    const closed = strategy.close();
    await expect(listening).rejects.toThrow('the strategy is closed');
    await closed;
    await app.close();
  });

  it('receives no message after close', async () => {
    const { app, server, queue, release } = await busyWorker(5_000);
    const closed = app.close();
    release();
    await closed;
    const client = new TestClient(() => Promise.resolve(createMemoryQueue()));
    await sendOne(client);
    expect(server.settled).toHaveLength(1);
    await expect(queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 1 })).rejects.toThrow('closed');
  });
});
