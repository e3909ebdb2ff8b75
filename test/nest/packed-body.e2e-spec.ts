import { getMaxListeners } from 'node:events';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ThriftContext } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, startWorker, TestClient } from './harness.js';

afterEach(closeAll);

const CALLS = 40;

@Controller()
class JobsController {
  static readonly ids = new Set<string>();
  static readonly limits = new Set<number>();

  @EventPattern<string>('run')
  async run(_args: unknown, @Ctx() ctx: ThriftContext): Promise<void> {
    JobsController.limits.add(getMaxListeners(ctx.signal));
    JobsController.ids.add(ctx.getMessageId());
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a body of many calls', () => {
  it.each([
    ['with a deadline', { handlerTimeoutMs: 60_000 }],
    ['without a deadline', {}],
  ])('handles the calls of a shared body concurrently with unlimited signal listeners, %s', async (_, deadline) => {
    JobsController.ids.clear();
    JobsController.limits.clear();
    const queue = createMemoryQueue();
    const client = closeLater(new TestClient(() => Promise.resolve(queue), { pack: true }));
    const ids = Array.from({ length: CALLS }, (_, id) => client.emit<string>('run', { job: { id } }));
    const { server } = await startWorker({
      controllers: [JobsController],
      options: { concurrency: CALLS, ...deadline },
      queue,
      before: () => Promise.all(ids.map((id) => id.forEach(() => undefined))),
    });
    await server.untilSettled(1);
    expect(server.settled).toMatchObject([{ outcome: 'ack', methods: Array<string>(CALLS).fill('run') }]);
    expect(JobsController.ids.size).toBe(1);
    // Node would take the calls' listeners for a leak, and print a warning.
    expect(JobsController.limits).toEqual(new Set([Infinity]));
  });
});
