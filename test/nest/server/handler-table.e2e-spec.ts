import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EMPTY } from 'rxjs';
import { gate, sendOne } from '../deliver.js';
import { closeAll, startWorker, type Worker } from '../harness.js';

afterEach(closeAll);

/** A worker with two handlers of `run`, in two controllers. */
async function two(first: () => unknown, second: () => unknown): Promise<Worker> {
  @Controller()
  class FirstController {
    @EventPattern<string>('run')
    run(): unknown {
      return first();
    }
  }
  @Controller()
  class SecondController {
    @EventPattern({ service: 'Jobs', method: 'run' })
    run(): unknown {
      return second();
    }
  }
  return startWorker({ controllers: [FirstController, SecondController], before: sendOne });
}

describe('several handlers of one method', () => {
  it('acknowledges a message only after all handlers of its method have ended', async () => {
    const slow = gate();
    const fast = gate();
    const worker = await two(() => slow.opened, fast.open);
    await fast.opened;
    await new Promise((resolve) => setImmediate(resolve));
    expect(worker.server.settled).toEqual([]);
    expect(worker.queue.depth().inFlight).toBe(1);
    slow.open();
    const settled = await worker.server.untilSettled(1);
    expect(settled[0]!.outcome).toBe('ack');
  });

  it('waits for the other handlers of a method before retrying a failed message', async () => {
    const slow = gate();
    const failed = gate();
    let deliveries = 0;
    const worker = await two(
      () => (deliveries === 0 ? slow.opened : undefined),
      () => {
        deliveries += 1;
        if (deliveries > 1) return undefined;
        failed.open();
        throw new Error('broken');
      },
    );
    await failed.opened;
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(worker.server.settled).toEqual([]);
    slow.open();
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
    expect(deliveries).toBe(2);
  });

  it('retries a message when one handler returns an empty stream and another handler fails', async () => {
    let deliveries = 0;
    const worker = await two(
      () => EMPTY,
      async () => {
        deliveries += 1;
        await new Promise((resolve) => setImmediate(resolve));
        if (deliveries === 1) throw new Error('broken');
      },
    );
    const settled = await worker.server.untilSettled(2);
    expect(settled.map((event) => event.outcome)).toEqual(['retry', 'ack']);
  });

  it('reports the failures of two handlers in one AggregateError', async () => {
    let deliveries = 0;
    const failOnce = (name: string) => (): void => {
      deliveries += 1;
      if (deliveries <= 2) throw new Error(name);
    };
    const worker = await two(failOnce('one'), failOnce('two'));
    const [settled] = await worker.server.untilSettled(2);
    expect(settled!.error).toBeInstanceOf(AggregateError);
    expect((settled!.error as AggregateError).errors).toHaveLength(2);
  });
});
