import { describe, expect, it } from '@jest/globals';
import { EventInProgressError } from '../../lib/consume/middleware/idempotency.js';
import { errorOf } from '../../lib/consume/handler-errors.js';
import { MalformedEventError } from '../../lib/event/event-error.js';
import { MemoryIdempotencyStore } from '../../lib/idempotency/memory-idempotency-store.js';
import { watch } from '../queue/harness.js';
import { Asks, Bench, body, type BenchOptions, type Handler } from './harness.js';

const DROP: BenchOptions = { poisonPolicy: { type: 'drop' }, retry: { maxReceives: 1, baseSeconds: 100, jitter: 0 } };

/** Runs until its signal aborts, and rejects then. */
const untilAborted: Handler = (_, { signal }) =>
  new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

/** As a method with several handlers does. */
async function together(...handlers: (() => Promise<void> | void)[]): Promise<void> {
  const results = await Promise.allSettled(handlers.map(async (handler) => handler()));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw errorOf(errors);
}

/** A bench whose worker stops while a body of these calls is being handled, for longer than it waits. */
async function stopped(handler: Handler, numbers: readonly number[], options: BenchOptions = DROP): Promise<Bench> {
  const bench = new Bench(handler, { drainTimeoutMs: 1_000, waitTimeSeconds: 1, ...options });
  await bench.queue.send([{ body: body(...numbers) }]);
  await bench.start(100);
  const end = watch(bench.consumer.stop());
  await bench.clock.advance(5_000);
  expect(end.state).toBe('resolved');
  return bench;
}

describe('a message whose handlers are aborted by stop', () => {
  const twoHandlers: Handler = (n, delivery, clock) =>
    together(
      () => untilAborted(n, delivery, clock),
      () => untilAborted(n, delivery, clock),
    );
  const oneOfTwo: Handler = (n, delivery, clock) =>
    together(
      () => untilAborted(n, delivery, clock),
      () => Promise.reject(new Asks({ type: 'reject', detail: 'never' })),
    );
  const otherEnds: Handler = (n, delivery, clock) => (n === 1 ? undefined : twoHandlers(n, delivery, clock));

  it.each([
    ['a body of several calls', untilAborted, [1, 2]],
    ['a method of several handlers', twoHandlers, [1]],
    ['a method of several handlers, of which one failed by itself', oneOfTwo, [1]],
    ['a body of which some calls have ended', otherEnds, [1, 2]],
  ] as [string, Handler, number[]][])(
    'releases an aborted message at once when the worker stops, even in its last delivery: %s',
    async (_, handler, numbers) => {
      const seen: unknown[] = [];
      const bench = await stopped(handler, numbers, { ...DROP, classifyError: (error) => void seen.push(error) });
      expect(bench.settled).toMatchObject([{ outcome: 'retry', delaySeconds: 0 }]);
      expect([bench.left, seen]).toEqual([1, []]);
    },
  );
});

describe('a body whose events are claimed by another delivery', () => {
  /** A bench whose body has its first calls claimed for 20 s, 30 s and so on. */
  async function claimed(calls: number, claims: number, handler?: Handler): Promise<{ bench: Bench; seen: unknown[] }> {
    const seen: unknown[] = [];
    const store: MemoryIdempotencyStore = new MemoryIdempotencyStore({
      clock: { now: () => bench.clock.now(), setTimer: (callback, ms) => bench.clock.setTimer(callback, ms) },
    });
    const classifyError = (error: unknown): undefined => void seen.push(error);
    const bench: Bench = new Bench(handler, { ...DROP, classifyError, idempotency: { store }, queue: { fifo: false } });
    const attributes = { 'thrift-event-id': 'e' };
    await bench.queue.send([{ body: body(...Array.from({ length: calls }, (_, n) => n)), attributes }]);
    for (let at = 0; at < claims; at += 1) await store.begin(`memory/e#${at}`, 'another', 20_000 + at * 10_000);
    return { bench, seen };
  }

  it('retries a body when the last foreign claim expires although the receive limit is reached', async () => {
    const { bench, seen } = await claimed(2, 2);
    await bench.start(29_000);
    expect(bench.settled).toMatchObject([{ outcome: 'retry', delaySeconds: 30 }]);
    expect(bench.settled[0]!.error).toBeInstanceOf(EventInProgressError);
    expect([bench.handled, bench.left]).toEqual([[], 1]);
    await bench.clock.advance(2_000);
    expect([bench.handled.sort(), bench.left, seen]).toEqual([[0, 1], 0, []]);
  });

  it.each([
    ['fails', (): unknown => new Error('no'), 100],
    ['is rejected', (): unknown => new MalformedEventError('invalid-value', 'never'), 20],
  ])('keeps a body with a claimed event when another call of the body %s', async (_, failure, seconds) => {
    const { bench } = await claimed(2, 1, () => {
      throw failure();
    });
    await bench.start(10);
    expect(bench.settled).toMatchObject([{ outcome: 'retry', delaySeconds: seconds }]);
    expect(bench.left).toBe(1);
  });
});

describe('a body of which all calls fail', () => {
  const failingWith =
    (...errors: unknown[]): Handler =>
    (n) => {
      throw errors[n];
    };
  const asks = (delaySeconds?: number): Asks =>
    new Asks({ type: 'retry', ...(delaySeconds !== undefined && { delaySeconds }) });
  const rejects = new Asks({ type: 'reject', detail: 'never' });
  const malformed = new MalformedEventError('unknown-method', 'no handler for it');

  it.each([
    ['both rejected', [rejects, rejects], { outcome: 'reject', reason: 'handler-rejected', detail: 'never' }],
    ['both malformed', [malformed, malformed], { outcome: 'reject', reason: 'unknown-method' }],
    ['one rejected, one that asks for nothing', [rejects, new Error('no')], { outcome: 'retry', delaySeconds: 60 }],
    ['one rejected, one that asks for a retry', [rejects, asks(5)], { outcome: 'retry', delaySeconds: 5 }],
    ['the longest wait', [asks(5), asks(300)], { outcome: 'retry', delaySeconds: 300 }],
    ['at least the policy of one that asks for nothing', [asks(5), asks()], { outcome: 'retry', delaySeconds: 60 }],
  ] as [string, unknown[], object][])(
    'settles a body by the failures of all its calls: %s',
    async (_, errors, expected) => {
      const bench = new Bench(failingWith(...errors), {
        poisonPolicy: { type: 'drop' },
        retry: { baseSeconds: 60, jitter: 0 },
      });
      await bench.queue.send([{ body: body(0, 1) }]);
      await bench.start(10);
      expect(bench.settled).toMatchObject([expected]);
    },
  );

  it('classifies the failure of each call even when classifyError throws for one call', async () => {
    const seen: unknown[] = [];
    const bench = new Bench(failingWith('first', 'second'), {
      classifyError: (error) => {
        seen.push(error);
        if (error === 'first') throw new Error('a defect of the classification');
        return { type: 'retry', delaySeconds: 7 };
      },
      retry: { baseSeconds: 0 },
    });
    await bench.queue.send([{ body: body(0, 1) }]);
    await bench.start(10);
    expect(seen).toEqual(['first', 'second']);
    expect(bench.settled).toMatchObject([{ outcome: 'retry', delaySeconds: 7 }]);
  });
});

describe('a body that cannot be split', () => {
  it('rejects an unsplittable body as a whole when one of its calls fails maxReceives times', async () => {
    const bench = new Bench(
      (n) => {
        if (n === 2) throw new Error('no');
      },
      { poisonPolicy: { type: 'drop' }, retry: { baseSeconds: 0, maxReceives: 3 }, features: { resend: false } },
    );
    await bench.queue.send([{ body: body(1, 2) }]);
    await bench.start(1_000);
    expect(bench.outcomes).toEqual(['retry', 'retry', 'reject']);
    expect([bench.settled.at(-1)?.reason, bench.left]).toEqual(['too-many-receives', 0]);
  });
});
