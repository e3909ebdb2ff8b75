import { Controller, type INestMicroservice, Logger, Module } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ThriftFactory } from 'nestjs-sqs-thrift';
import { createEventCodec } from 'nestjs-sqs-thrift/codec';
import { findService, loadSchemaFromText } from 'nestjs-sqs-thrift/idl';
import { ClientThriftStarling, ServerThriftStarling } from 'nestjs-sqs-thrift/starling';
import type { EmbeddedStarling, StarlingFault } from 'nestjs-sqs-thrift/testing';
import { lastValueFrom } from 'rxjs';
import { closeAll, closeLater } from '../harness.js';
import { startStarling } from './harness.js';

const service = findService(loadSchemaFromText('service Jobs { oneway void run(1: i32 id) }'), 'Jobs');
const COUNT = 2_000;

afterEach(closeAll);
beforeAll(() => void Logger.overrideLogger(false));

/** Creates random numbers that are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Starts a worker whose handlers fail now and then. Counts what it has handled by id. */
async function startWorker(
  port: number,
  handled: Map<number, number>,
  random: () => number,
  timeoutMs = 5_000,
): Promise<INestMicroservice> {
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() { id }: { id: number }): void {
      if (random() < 0.05) throw new Error('not today');
      handled.set(id, (handled.get(id) ?? 0) + 1);
    }
  }
  @Module({ controllers: [JobsController] })
  class JobsModule {}
  const options = { queue: 'jobs', service, port, timeoutMs, concurrency: 20 };
  const server = new ServerThriftStarling({ ...options, retry: { baseSeconds: 0.05, maxReceives: 1_000 } });
  const app = await ThriftFactory.createMicroservice(JobsModule, server, { logger: false });
  closeLater(app);
  await app.listen();
  return app;
}

async function run(starling: EmbeddedStarling, seed: number, workers: number): Promise<ReadonlyMap<number, number>> {
  const random = randomNumbers(seed);
  const handled = new Map<number, number>();
  for (let at = 0; at < workers; at += 1) await startWorker(starling.port, handled, random, 100);
  const client = new ClientThriftStarling({
    queue: 'jobs',
    service,
    port: starling.port,
    timeoutMs: 100,
    maxAttempts: 20,
  });
  closeLater(client);
  const faults: readonly StarlingFault[] = [
    'disconnect',
    'lose-answer',
    'bytes',
    'silence',
    { answer: 'SERVER_ERROR busy\r\n' },
  ];
  starling.fail((line) => {
    // A version without an answer only delays its connection.
    if (line === 'version' || random() > 0.02) return undefined;
    return faults[Math.floor(random() * faults.length)];
  });
  await Promise.all(Array.from({ length: COUNT }, (_, id) => lastValueFrom(client.emit('run', { id }))));
  starling.fail(() => undefined);
  while (handled.size < COUNT) await new Promise((resolve) => setImmediate(resolve));
  return handled;
}

describe('workers over a server that fails one command in fifty', () => {
  it.each([
    ['siberite', 1, 1],
    ['siberite', 2, 3],
    ['kestrel', 3, 1],
    ['kestrel', 4, 3],
  ] as const)('lose no call: %s, seed %i, workers %i', async (kind, seed, workers) => {
    const starling = await startStarling(kind);
    const handled = await run(starling, seed, workers);
    expect(handled.size).toBe(COUNT);
    expect(starling.items('jobs_errors')).toEqual([]);
  });
});

describe('a worker that is stopped while it handles a backlog', () => {
  it.each(['starling', 'siberite', 'kestrel'] as const)(
    'handles each call once, or leaves it in its queue: %s',
    async (kind) => {
      const starling = await startStarling(kind);
      const codec = createEventCodec([service]);
      for (let id = 0; id < COUNT; id += 1) starling.put('jobs', codec.method('run').encode({ id }));
      const handled = new Map<number, number>();
      const app = await startWorker(starling.port, handled, randomNumbers(5));
      while (handled.size < COUNT / 2) await new Promise((resolve) => setImmediate(resolve));
      await app.close();
      const left = starling.items('jobs').map((item) => codec.decode(item)[0]!.args['id'] as number);
      expect([...handled.values()].filter((times) => times > 1)).toEqual([]);
      expect([...handled.keys(), ...left].sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, id) => id));
      expect(left.length).toBeGreaterThan(0);
    },
  );
});
