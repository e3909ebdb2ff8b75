import { describe, expect, it } from '@jest/globals';
import { LeaseLostError } from '../../lib/consume/delivery.js';
import { HandlerTimeoutError } from '../../lib/consume/handler-errors.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { seedRandom } from '../queue/harness.js';
import { Asks, Bench, body, failure, range, takes } from './harness.js';

seedRandom();

describe('a Consumer', () => {
  it('handles and deletes messages that are in the queue at start or arrive later', async () => {
    const bench = new Bench();
    await bench.send(range(25));
    await bench.start(100);
    await bench.send(range(5, 26));
    await bench.clock.advance(100);
    expect(bench.handled.sort((a, b) => a - b)).toEqual(range(30));
    expect([bench.left, new Set(bench.outcomes)]).toEqual([0, new Set(['ack'])]);
  });

  it('keeps `concurrency` messages in flight while handlers take a second', async () => {
    const bench = new Bench(takes(1_000), { concurrency: 7 });
    await bench.send(range(50));
    await bench.start(500);
    expect([bench.runs.length, bench.queue.depth().inFlight]).toEqual([7, 7]);
    await bench.clock.advance(10_000);
    expect([bench.handled.length, bench.left]).toEqual([50, 0]);
  });

  it('extends the lease of a message while its handler runs and deletes the message afterwards', async () => {
    const bench = new Bench(takes(600_000));
    await bench.send([1]);
    await bench.start(599_999);
    expect([bench.left, bench.runs.length]).toEqual([1, 1]);
    await bench.clock.advance(10);
    expect([bench.left, bench.runs.length, bench.outcomes]).toEqual([0, 1, ['ack']]);
  });

  it('retries a failed message until its handler succeeds', async () => {
    const bench = new Bench((_, { message }) => {
      if (message.receiveCount < 4) throw new Error('not yet');
    });
    await bench.send([1]);
    await bench.start(1_000);
    expect([bench.outcomes, bench.left]).toEqual([['retry', 'retry', 'retry', 'ack'], 0]);
    expect(bench.settled.map(({ receiveCount }) => receiveCount)).toEqual([1, 2, 3, 4]);
  });

  it('delays the redelivery of a failed message by the seconds its handler asks for', async () => {
    const bench = new Bench(() => {
      throw new Asks({ type: 'retry', delaySeconds: 100 });
    });
    await bench.send([1]);
    await bench.start(99_999);
    expect(bench.runs).toHaveLength(1);
    await bench.clock.advance(2);
    expect(bench.runs).toHaveLength(2);
  });

  it('delays the redelivery of a failed message by the policy when its handler asks for NaN seconds', async () => {
    const bench = new Bench(() => {
      throw new Asks({ type: 'retry', delaySeconds: NaN });
    });
    await bench.send([1]);
    await bench.start(0);
    expect(bench.of('settle-failed')).toEqual([]);
    expect(bench.settled[0]).toMatchObject({ outcome: 'retry', delaySeconds: 0 });
  });

  it('applies the poison policy to a message that its handler rejects', async () => {
    const bench = new Bench(
      () => {
        throw new Asks({ type: 'reject', detail: 'no such user' });
      },
      { poisonPolicy: { type: 'drop' } },
    );
    await bench.send([1]);
    await bench.start(10);
    expect(bench.left).toBe(0);
    expect(bench.settled).toMatchObject([{ outcome: 'reject', reason: 'handler-rejected', detail: 'no such user' }]);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'text'],
    ['a frozen object', Object.freeze({})],
    [
      'an object whose every property throws',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('hostile');
          },
        },
      ),
    ],
    ['a symbol', Symbol('s')],
  ])('retries a message whose handler threw %s', async (_, thrown) => {
    const bench = new Bench((__, { message }) => {
      if (message.receiveCount === 1) throw thrown;
    });
    await bench.send([1]);
    await bench.start(100);
    expect([bench.outcomes, bench.left]).toEqual([['retry', 'ack'], 0]);
  });

  it('retries a message when classifyError itself throws', async () => {
    const bench = new Bench(
      (_, { message }) => {
        if (message.receiveCount < 3) throw new Error('x');
      },
      {
        classifyError: () => {
          throw new Error('a defect of the classification');
        },
      },
    );
    await bench.send([1]);
    await bench.start(100);
    expect([bench.outcomes, bench.left, bench.queue.depth().inFlight]).toEqual([['retry', 'retry', 'ack'], 0, 0]);
  });
});

describe('a body of several calls', () => {
  it('deletes a body of several calls after all of its calls are handled', async () => {
    const bench = new Bench();
    await bench.queue.send([{ body: body(1, 2, 3) }]);
    await bench.start(100);
    expect([bench.handled, bench.outcomes, bench.left]).toEqual([[1, 2, 3], ['ack'], 0]);
    expect(bench.settled[0]!.methods).toEqual(['run', 'run', 'run']);
  });

  it('settles a body with a failed call only after all of its handlers have ended', async () => {
    const bench = new Bench(async (n, _, clock) => {
      if (n === 1) throw new Error('at once');
      await takes(60_000)(n, _, clock);
    });
    await bench.queue.send([{ body: body(1, 2) }]);
    await bench.start(59_000);
    expect([bench.handled, bench.outcomes]).toEqual([[1, 2], []]);
  });

  it('handles the calls of a body in order on a FIFO queue and stops at the first failure', async () => {
    const bench = new Bench(
      (n) => {
        if (n === 2) throw new Asks({ type: 'retry', delaySeconds: 60 });
      },
      { queue: { fifo: true } },
    );
    await bench.queue.send([{ body: body(1, 2, 3), groupId: 'g' }]);
    await bench.start(1_000);
    expect(bench.handled).toEqual([1, 2]);
  });
});

describe('a handler that times out or loses its lease', () => {
  it('aborts a handler after handlerTimeoutMs, frees its concurrency slot and retries its message', async () => {
    const bench = new Bench(takes(10_000_000), { handlerTimeoutMs: 5_000, concurrency: 1 });
    await bench.send([1]);
    await bench.start(4_999);
    expect(bench.runs).toHaveLength(1);
    const { signal } = bench.runs[0]!.delivery;
    expect(signal.aborted).toBe(false);
    await bench.clock.advance(2);
    expect(signal.reason).toBeInstanceOf(HandlerTimeoutError);
    expect(bench.settled[0]).toMatchObject({ outcome: 'retry', error: expect.any(HandlerTimeoutError) as unknown });
    expect(bench.runs[1]!.delivery.message.receiveCount).toBe(2);
  });

  it('leaves no timer when a handler ends within handlerTimeoutMs', async () => {
    const bench = new Bench(takes(4_999), { handlerTimeoutMs: 5_000, waitTimeSeconds: 1 });
    await bench.send([1]);
    await bench.start(0);
    const stopped = bench.consumer.stop();
    await bench.clock.advance(4_999);
    await stopped;
    expect([bench.outcomes, bench.clock.pending]).toEqual([['ack'], 0]);
  });

  it('lets a timed-out handler neither acknowledge its message nor extend its lease', async () => {
    const extended: string[] = [];
    const bench = new Bench(
      async (n, delivery, clock) => {
        if (delivery.message.receiveCount > 1) return;
        await takes(6_000)(n, delivery, clock);
        await delivery.lease.extend(600).catch((error: { code: string }) => extended.push(error.code));
      },
      { handlerTimeoutMs: 5_000, retry: { baseSeconds: 0 } },
    );
    bench.queue.fail('acknowledge', 99);
    await bench.send([1]);
    await bench.start(60_000);
    expect(extended).toEqual(['LeaseEnded']);
    expect(bench.outcomes).toEqual(['retry']);
    expect(bench.of('settle-failed')[0]!.messageId).toBe(bench.queue.messages()[0]!.id);
    expect(bench.queue.messages()[0]!.visibleAt - bench.clock.now()).toBeLessThanOrEqual(30_000);
  });

  it('aborts the handler signal and sends no settlement when the lease of the message is lost', async () => {
    const bench = new Bench(takes(20_000));
    bench.queue.fail('extend', ({ number }) => (number === 1 ? [failure('lease-lost')] : undefined));
    const requests: string[] = [];
    bench.queue.fail('acknowledge', ({ entries }) => void requests.push(`acknowledge ${entries}`));
    await bench.send([1]);
    await bench.start(19_000);
    expect(bench.runs[0]!.delivery.signal.reason).toBeInstanceOf(LeaseLostError);
    await bench.clock.advance(1_001);
    expect([bench.outcomes, requests, bench.left]).toEqual([['abandon'], [], 1]);
    expect(bench.of('lease-lost')).toHaveLength(1);
  });
});

describe('a Consumer of a failing queue', () => {
  it('loses no message while receive and delete requests fail', async () => {
    const bench = new Bench(undefined, { visibilityTimeoutSeconds: 10 });
    for (const verb of ['receive', 'acknowledge'] as const) bench.queue.fail(verb, 6);
    await bench.send(range(30));
    await bench.start(300_000);
    expect([bench.left, new Set(bench.handled).size]).toEqual([0, 30]);
  });

  it('handles the messages of a lost receive response after their visibility timeout ends', async () => {
    const bench = new Bench(undefined, { visibilityTimeoutSeconds: 10 });
    bench.queue.fail('receive', 1, 'after');
    await bench.send(range(5));
    await bench.start(9_000);
    expect(bench.handled).toEqual([]);
    await bench.clock.advance(60_000);
    expect([bench.handled.sort(), bench.left]).toEqual([range(5), 0]);
  });

  it('rejects a poison message until the redrive policy moves the message to the dead-letter queue', async () => {
    const bench = new Bench(undefined, {
      queue: { redrive: { maxReceiveCount: 3, deadLetterQueue: createMemoryQueue({ name: 'dead' }) } },
    });
    await bench.queue.send([{ body: 'poison' }]);
    await bench.start(60_000);
    expect([bench.left, bench.outcomes]).toEqual([0, ['reject', 'reject', 'reject']]);
  });
});
