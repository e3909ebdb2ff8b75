import { describe, expect, it } from '@jest/globals';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/memory-idempotency-store.js';
import type { IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { EventInProgressError, resolveIdempotency } from '../../../lib/consume/middleware/idempotency.js';
import { Bench, body, range, takes, type BenchOptions, type Handler } from '../harness.js';

/** A bench with a store by its own clock. */
function bench(handler?: Handler, options: BenchOptions = {}): { bench: Bench; store: MemoryIdempotencyStore } {
  // The clock is the bench's, which needs the store first.
  const store: MemoryIdempotencyStore = new MemoryIdempotencyStore({
    clock: { now: () => made.clock.now(), setTimer: (callback, ms) => made.clock.setTimer(callback, ms) },
  });
  const made = new Bench(handler, { idempotency: { store }, ...options });
  return { bench: made, store };
}

const EVENT = { attributes: { 'thrift-event-id': 'e1' } };

describe('an idempotency store', () => {
  it('runs an event once when the event arrives in two messages', async () => {
    const { bench: b } = bench();
    await b.send([1, 2], EVENT);
    await b.send([3, 4]);
    await b.start(40_000);
    expect(b.handled.sort()).toEqual([1, 3, 4]);
    expect(b.left).toBe(0);
    expect(b.of('duplicate')).toEqual([
      { type: 'duplicate', queue: 'memory', messageId: expect.any(String), method: 'run', eventId: 'e1' },
    ]);
  });

  it('runs a failed event again', async () => {
    let failures = 2;
    const { bench: b } = bench(() => {
      if (failures-- > 0) throw new Error('not yet');
    });
    await b.send([1], EVENT);
    await b.start(1_000);
    expect(b.outcomes).toEqual(['retry', 'retry', 'ack']);
  });

  it('delays a second delivery of an event while the renewed claim of the first delivery lasts', async () => {
    const { bench: b } = bench(takes(50_000), { visibilityTimeoutSeconds: 10, retry: { maxReceives: 1 } });
    await b.send([1], EVENT);
    await b.start(1);
    await b.send([2], EVENT);
    await b.clock.advance(49_000);
    expect(b.handled).toEqual([1]);
    const waits = b.settled.filter(({ outcome }) => outcome === 'retry');
    expect(waits.length).toBeGreaterThan(2);
    expect(waits.every(({ error }) => error instanceof EventInProgressError)).toBe(true);
    expect(waits.every(({ delaySeconds }) => delaySeconds! > 0 && delaySeconds! <= 10)).toBe(true);
    await b.clock.advance(20_000);
    expect(b.handled).toEqual([1]);
    expect(b.left).toBe(0);
  });

  it('runs the event of a dead worker when the claim of the dead worker expires', async () => {
    const { bench: b, store } = bench(undefined, { visibilityTimeoutSeconds: 10 });
    await store.begin('memory/e1', 'dead', 10_000);
    await b.send([1], EVENT);
    await b.start(9_000);
    expect(b.handled).toEqual([]);
    await b.clock.advance(2_000);
    expect(b.handled).toEqual([1]);
  });

  it('tracks each call of a body separately, also when a failed call is resent alone', async () => {
    const failing = new Set([2]);
    const { bench: b, store } = bench((n) => {
      if (failing.delete(n)) throw new Error('once');
    });
    await b.queue.send([{ body: body(1, 2, 3), ...EVENT }]);
    await b.start(1_000);
    expect(b.handled.sort()).toEqual([1, 2, 2, 3]);
    expect(store.size).toBe(3);
    // The whole body once more, as when it could not be removed after the split.
    await b.queue.send([{ body: body(1, 2, 3), ...EVENT }]);
    await b.clock.advance(1_000);
    expect(b.runs).toHaveLength(4);
    expect(
      b
        .of('duplicate')
        .map(({ eventId }) => eventId)
        .sort(),
    ).toEqual(['e1#0', 'e1#1', 'e1#2']);
  });

  it('uses the message id as event id when the producer gives no valid event id', async () => {
    const { bench: b, store } = bench();
    await b.send([1]);
    await b.send([2], { attributes: { 'thrift-event-id': 'not an id' } });
    await b.start(100);
    const ids = b.settled.map(({ messageId }) => `memory/${messageId}`);
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(await store.begin(id, 'x', 1)).toEqual({ state: 'done' });
  });

  it('claims an event for the visibility timeout and keeps its completion for retentionSeconds', async () => {
    const asked: unknown[] = [];
    const store: IdempotencyStore = {
      begin: (_, __, claimMs) => (asked.push(claimMs), Promise.resolve({ state: 'claimed' })),
      complete: (_, __, retentionMs) => (asked.push(retentionMs), Promise.resolve()),
      release: () => Promise.resolve(),
    };
    const { bench: b } = bench(undefined, {
      idempotency: { store, retentionSeconds: 60 },
      visibilityTimeoutSeconds: 7,
    });
    await b.send([1], EVENT);
    await b.start(100);
    expect(asked).toEqual([7_000, 60_000]);
  });
});

describe('a failing idempotency store', () => {
  const ok: IdempotencyStore = {
    begin: () => Promise.resolve({ state: 'claimed' }),
    complete: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
  const fail = (): Promise<never> => Promise.reject(new Error('connection refused'));
  const hang = (): Promise<never> => new Promise(() => undefined);

  it.each([
    ['fails', fail, /begin: connection refused/],
    ['hangs', hang, /begin: no answer within 5000 ms/],
    [
      'throws',
      (): never => {
        throw new Error('bad');
      },
      /begin: bad/,
    ],
  ])('retries a message without running its handler when begin of the store %s', async (_, begin, message) => {
    const b = new Bench(undefined, {
      idempotency: { store: { ...ok, begin } },
      retry: { baseSeconds: 100, jitter: 0 },
    });
    await b.send([1]);
    await b.start(6_000);
    expect(b.handled).toEqual([]);
    expect(b.left).toBe(1);
    expect(String(b.settled[0]!.error)).toMatch(message);
  });

  it('acknowledges a handled message when complete of the store fails', async () => {
    const b = new Bench(undefined, { idempotency: { store: { ...ok, complete: fail } } });
    await b.send(range(3));
    await b.start(100);
    expect(b.handled).toEqual([1, 2, 3]);
    expect(b.left).toBe(0);
    expect(b.of('idempotency-failed').map(({ verb }) => verb)).toEqual(['complete', 'complete', 'complete']);
  });

  it('reports failed renew and release calls of the store and keeps the outcome', async () => {
    let renewals = 0;
    const begin: IdempotencyStore['begin'] = () => (renewals++ === 0 ? ok.begin('', '', 0) : fail());
    const b = new Bench(
      async (_, __, clock) => {
        await takes(25_000)(0, __, clock);
        throw new Error('after all');
      },
      { idempotency: { store: { ...ok, begin, release: fail } }, retry: { baseSeconds: 1_000, jitter: 0 } },
    );
    await b.send([1]);
    await b.start(26_000);
    expect(b.of('idempotency-failed').map(({ verb }) => verb)).toEqual(['renew', 'release']);
    expect(b.settled.map(({ error }) => String(error))).toEqual(['Error: after all']);
  });
});

describe('the option idempotency', () => {
  it('validates the option idempotency', () => {
    const store = new MemoryIdempotencyStore();
    expect(() => resolveIdempotency({ store, retentionSeconds: 0 })).toThrow(/idempotency.retentionSeconds/);
    expect(() => resolveIdempotency({ store: {} as IdempotencyStore })).toThrow(/begin, complete and release/);
    expect(resolveIdempotency({ store })).toEqual({ store, retentionSeconds: 86_400 });
  });
});
