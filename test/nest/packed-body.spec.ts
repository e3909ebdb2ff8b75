import { Controller } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ThriftQueueContext } from 'nestjs-sqs-thrift';
import { createMemoryQueue } from 'nestjs-sqs-thrift/testing';
import { closeAll, closeLater, startWorker, TestClient } from './harness.js';

afterEach(closeAll);

const CALLS = 40;

@Controller()
class JobsController {
  static readonly ids = new Set<string>();

  @EventPattern<string>('run')
  async run(_args: unknown, @Ctx() ctx: ThriftQueueContext): Promise<void> {
    // As a handler does that hands the signal on to what it awaits.
    ctx.signal.addEventListener('abort', () => undefined);
    JobsController.ids.add(ctx.getMessageId());
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a body of many calls', () => {
  it.each([
    ['with a deadline', { handlerTimeoutMs: 60_000 }],
    ['without a deadline', {}],
  ])('is handled side by side without a warning of Node about listeners, %s', async (_, deadline) => {
    JobsController.ids.clear();
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
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
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(server.settled).toMatchObject([{ outcome: 'ack', methods: Array<string>(CALLS).fill('run') }]);
    expect(JobsController.ids.size).toBe(1);
    expect(warnings).toEqual([]);
  });
});
