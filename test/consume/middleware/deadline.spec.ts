import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { HandlerTimeoutError } from '../../../lib/consume/handler-errors.js';
import { AbortSource } from '../../../lib/queue/abort-source.js';
import type { Delivery } from '../../../lib/consume/delivery.js';
import { deadline } from '../../../lib/consume/middleware/deadline.js';
import type { OnewayCall } from '../../../lib/event/contract.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/memory-idempotency-store.js';
import { sleep, systemClock } from '../../../lib/queue/clock.js';
import { Bench, body, range, takes, type Handler } from '../harness.js';

const TIMEOUT_MS = 10_000;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const retry = { baseSeconds: 100, jitter: 0 };

/** Never ends for such a number in its first delivery as this or that message; takes 2 s otherwise. */
function stuckOnce(...numbers: number[]): Handler {
  const left = new Set(numbers);
  return (n, _, clock) => (left.delete(n) ? new Promise<void>(() => undefined) : sleep(clock, 2_000));
}

describe('handlerTimeoutMs', () => {
  it('measures handlerTimeoutMs for each call of a body from the start of the call', async () => {
    const bench = new Bench(takes(2_000), { concurrency: 2, handlerTimeoutMs: TIMEOUT_MS });
    await bench.queue.send([{ body: body(...range(25)) }]);
    await bench.start(60_000);
    expect(bench.handled).toEqual(range(25));
    expect(bench.outcomes).toEqual(['ack']);
  });

  it('does not count the wait for a concurrency slot toward handlerTimeoutMs', async () => {
    const bench = new Bench(takes(2_000), {
      concurrency: 2,
      handlerTimeoutMs: TIMEOUT_MS,
      poisonPolicy: { type: 'drop' },
      retry: { maxReceives: 1 },
    });
    await bench.queue.send([{ body: body(...range(50)) }]);
    await bench.send([100]);
    await bench.queue.send([{ body: body(...range(50)) }]);
    await bench.start(300_000);
    expect(bench.handled).toContain(100);
    expect(bench.outcomes).toEqual(['ack', 'ack', 'ack']);
  });

  it('resends only the call of a body that exceeds handlerTimeoutMs', async () => {
    const bench = new Bench(stuckOnce(3), { handlerTimeoutMs: TIMEOUT_MS });
    await bench.queue.send([{ body: body(...range(5)) }]);
    await bench.start(30_000);
    expect(bench.handled).toEqual([...range(5), 3]);
    expect(bench.settled).toMatchObject([{ outcome: 'split', resent: 1 }, { outcome: 'ack' }]);
    expect(bench.settled[0]!.error).toBeInstanceOf(HandlerTimeoutError);
  });

  it('aborts the signal of the timed-out call and of no other call in the body', async () => {
    const bench = new Bench((n, _, clock) => sleep(clock, n * 1_000), {
      concurrency: 1,
      handlerTimeoutMs: TIMEOUT_MS,
      retry,
    });
    await bench.queue.send([{ body: body(8, 60, 9) }]);
    await bench.start(30_000);
    const reasons = bench.runs.slice(0, 3).map(({ delivery }) => delivery.signal.reason as unknown);
    expect(reasons).toEqual([undefined, expect.any(HandlerTimeoutError), undefined]);
    // From 8 s to 18 s, when the next one has the slot.
    expect(bench.runs.slice(0, 3).map(({ startedAt }) => startedAt)).toEqual([0, 8_000, 18_000]);
  });

  it('releases the claim of a timed-out event before its message is redelivered', async () => {
    const bench: Bench = new Bench(stuckOnce(1), {
      handlerTimeoutMs: TIMEOUT_MS,
      retry: { baseSeconds: 0 },
      idempotency: { store: new MemoryIdempotencyStore() },
    });
    await bench.send([1]);
    await bench.start(13_000);
    expect(bench.runs.map(({ startedAt }) => startedAt)).toEqual([0, TIMEOUT_MS]);
    expect(bench.outcomes).toEqual(['retry', 'ack']);
  });

  it('keeps no signal alive on which a handler left a listener', async () => {
    const signals: WeakRef<AbortSignal>[] = [];
    const handle = deadline(
      TIMEOUT_MS,
      systemClock,
    )((_, { signal }) => {
      signal.addEventListener('abort', () => undefined);
      signals.push(new WeakRef(signal));
      return Promise.resolve();
    });
    for (const at of range(20)) {
      await handle({} as OnewayCall, { aborts: new AbortSource() } as Delivery, at);
    }
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    // The last one may still be on the stack.
    expect(signals.filter((signal) => signal.deref() !== undefined).length).toBeLessThanOrEqual(1);
  });
});
