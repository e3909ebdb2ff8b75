import { Controller, type LoggerService } from '@nestjs/common';
import { type BaseRpcContext, EventPattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import type { TransportEvent } from 'nestjs-sqs-thrift';
import { closeAll, startWorker, type TestServer } from './harness.js';

afterEach(closeAll);

const JOBS = 60;
const TYPES: readonly TransportEvent['type'][] = [
  'received',
  'settled',
  'settle-failed',
  'poll-failed',
  'poll-recovered',
  'lease-lost',
  'renew-failed',
];
const fail = (): never => {
  throw new Error('not the affair of the transport');
};

/** Breaks once messages come: one that is broken before that should keep an application from starting. */
class BrokenLog implements LoggerService {
  broken = false;
  calls = 0;
  readonly log = (): void => undefined;
  readonly warn = (): void => this.fail();
  readonly error = (): void => this.fail();

  private fail(): void {
    if (!this.broken) return;
    this.calls += 1;
    fail();
  }
}

/** Handles all jobs, of which each fifth fails at first and one is poison, and says how each delivery ended. */
async function run(prepare: (server: TestServer) => void, log?: LoggerService): Promise<string[]> {
  const failed = new Set<number>();
  @Controller()
  class JobsController {
    @EventPattern<string>('run')
    run(@Payload() { job }: { job: { id: number } }): void {
      if (job.id % 5 !== 0 || failed.has(job.id)) return;
      failed.add(job.id);
      throw new Error('at first');
    }
  }
  const queue = createMemoryQueue();
  const { server } = await startWorker({
    controllers: [JobsController],
    queue,
    options: { poisonPolicy: 'drop', onUnhandledMethod: 'warn' },
    prepare: (app) => {
      prepare((app as unknown as { serverInstance: TestServer }).serverInstance);
      if (log) app.useLogger(log);
    },
    before: async (client) => {
      await queue.send([{ body: 'poison' }]);
      await Promise.all(
        Array.from({ length: JOBS }, (_, id) => client.emit('run', { job: { id } }).forEach(() => undefined)),
      );
    },
  });
  await server.untilSettled(JOBS + JOBS / 5 + 1);
  expect(queue.messages()).toEqual([]);
  return server.settled.map(({ outcome, receiveCount }) => `${outcome} ${receiveCount}`).sort();
}

const broken = new BrokenLog();

describe('F9: application code attached to the transport', () => {
  it.each<[string, (server: TestServer) => void, BrokenLog | undefined]>([
    ['a logger that throws', (server) => server.on('received', () => void (broken.broken = true)), broken],
    ['listeners that throw', (server) => TYPES.forEach((type) => server.on(type, fail)), undefined],
    [
      'listeners that reject',
      (server) => TYPES.forEach((type) => server.on(type, (() => Promise.reject(new Error('no'))) as never)),
      undefined,
    ],
    [
      'a hook behind the handlers that throws',
      (server) => {
        const { setOnProcessingEndHook } = server as unknown as {
          setOnProcessingEndHook?: (hook: (transport: unknown, context: BaseRpcContext) => void) => void;
        };
        setOnProcessingEndHook?.call(server, fail);
      },
      undefined,
    ],
  ])('settles every delivery as usual despite failing application code: %s', async (_, prepare, log) => {
    const undisturbed = await run(() => undefined);
    await closeAll();
    expect(await run(prepare, log)).toEqual(undisturbed);
    if (log) expect(log.calls).toBeGreaterThan(0);
  });
});
