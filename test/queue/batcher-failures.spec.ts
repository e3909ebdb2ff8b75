import { describe, expect, it } from '@jest/globals';
import { QueueError } from '#lib/queue/queue-error.js';
import { Bench, OK, codes, failed, failure, watch, type Answer } from './harness.js';

/** Fails the given ids in the first `times` requests that carry them. */
function failing(ids: readonly number[], times: number, kind: Parameters<typeof failed>[0] = 'service'): Answer {
  const left = new Map(ids.map((id) => [id, times]));
  return (items) =>
    items.map(({ id }) => {
      const more = left.get(id) ?? 0;
      left.set(id, more - 1);
      return more > 0 ? failed(kind) : OK;
    });
}

describe('a Batcher with failing entries', () => {
  it('retries only the failed entries of a request', async () => {
    const bench = new Bench(failing([1, 3], 1));
    const outcomes = bench.add(5);
    await bench.clock.advance(1200);
    expect(bench.ids).toEqual([
      [0, 1, 2, 3, 4],
      [1, 3],
    ]);
    expect(await codes(outcomes)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it('resolves successful entries without waiting for retried entries', async () => {
    const bench = new Bench(failing([1], 1));
    const [first, second] = bench.add(2).map(watch);
    await bench.clock.advance(100);
    expect([first!.state, second!.state]).toEqual(['resolved', 'pending']);
  });

  it('backs off exponentially up to retryMaxMs', async () => {
    const bench = new Bench(failing([0], 9), { maxAttempts: 6, retryMaxMs: 3000 });
    void bench.add(1);
    await bench.clock.advance(60_000);
    const starts = bench.requests.map(({ startedAt }) => startedAt);
    expect(starts.slice(1).map((at, i) => at - starts[i]! - 100)).toEqual([1000, 2000, 3000, 3000, 3000]);
  });

  it('retries an entry no sooner than the service asks', async () => {
    const error = new QueueError('busy', { code: 'Busy', kind: 'service', queue: 'q', retryAfterMs: 7_000 });
    const bench = new Bench((_items, number) => [number === 1 ? { ok: false, error } : OK]);
    const outcomes = bench.add(1);
    await bench.clock.advance(60_000);
    expect(bench.requests.map(({ startedAt }) => startedAt)).toEqual([0, 7_100]);
    expect(await codes(outcomes)).toEqual(['ok']);
  });

  it('gives up an entry after maxAttempts', async () => {
    const bench = new Bench(failing([0], 99), { maxAttempts: 3 });
    const outcomes = bench.add(2);
    await bench.clock.advance(60_000);
    expect(bench.ids).toEqual([[0, 1], [0], [0]]);
    expect(await codes(outcomes)).toEqual(['Scripted', 'ok']);
    expect(bench.clock.pending).toBe(0);
  });

  it.each(['invalid', 'denied', 'missing-queue', 'lease-lost', 'closed'] as const)(
    'does not retry an entry whose failure is of kind %s',
    async (kind) => {
      const bench = new Bench(failing([1], 1, kind));
      const outcomes = bench.add(3);
      await bench.clock.advance(60_000);
      expect(bench.requests).toHaveLength(1);
      expect(await codes(outcomes)).toEqual(['ok', 'Scripted', 'ok']);
    },
  );

  it('retries all entries of a rejected request', async () => {
    const bench = new Bench((items, number) => (number === 1 ? failure('network') : items.map(() => OK)));
    const outcomes = bench.add(3);
    await bench.clock.advance(1200);
    expect(bench.ids).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(await codes(outcomes)).toEqual(['ok', 'ok', 'ok']);
  });

  it('sends the entries of an invalid request one by one', async () => {
    const bad = ({ id }: { id: number }): boolean => id === 1;
    const bench = new Bench((items) => (items.some(bad) ? failure('invalid') : items.map(() => OK)), {
      maxInFlight: 1,
    });
    const outcomes = bench.add(3);
    await bench.clock.advance(50);
    void bench.add(2, {}, 3);
    await bench.clock.advance(60_000);
    expect(bench.ids).toEqual([[0, 1, 2], [0], [1], [2], [3, 4]]);
    expect(await codes(outcomes)).toEqual(['ok', 'Scripted', 'ok']);
  });

  it('sends no entry of an invalid request after an abort', async () => {
    const bench = new Bench(() => failure('invalid'));
    const outcomes = bench.add(3);
    await bench.clock.advance(50);
    bench.batcher.abort(failure('closed'));
    await bench.clock.advance(60_000);
    expect(bench.requests).toHaveLength(1);
    expect(await codes(outcomes)).toEqual(['Scripted', 'Scripted', 'Scripted']);
  });

  it('treats an unknown error of a request as a service failure', async () => {
    const bench = new Bench(() => {
      throw new Error('a defect');
    });
    const [outcome] = bench.add(1);
    await bench.clock.advance(60_000);
    await expect(outcome).resolves.toMatchObject({ ok: false, error: { code: 'QueueFailure', kind: 'service' } });
  });

  it('retries an entry without an outcome', async () => {
    const bench = new Bench((items, number) => (number === 1 ? [OK, undefined] : items.map(() => OK)));
    const outcomes = bench.add(3);
    await bench.clock.advance(1200);
    expect(bench.ids).toEqual([
      [0, 1, 2],
      [1, 2],
    ]);
    expect(await codes(outcomes)).toEqual(['ok', 'ok', 'ok']);
  });

  it('reports EntryUnanswered when an entry never has an outcome', async () => {
    const bench = new Bench(() => []);
    const outcomes = bench.add(1);
    await bench.clock.advance(60_000);
    expect(await codes(outcomes)).toEqual(['EntryUnanswered']);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['an object', { 0: OK }],
    ['a text', 'ok'],
  ])('retries a request whose answer is no list, then fails its entries: %s', async (_, answer) => {
    const bench = new Bench(() => answer as never);
    const outcomes = bench.add(2);
    const idle = watch(bench.batcher.idle());
    await bench.clock.advance(60_000);
    // As in an outage, in which the delivery timeout decides.
    expect(bench.sizes).toEqual(Array<number>(10).fill(2));
    expect([await codes(outcomes), idle.state]).toEqual([['MalformedAnswer', 'MalformedAnswer'], 'resolved']);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'ok'],
    ['a failure without an error', { ok: false }],
    ['a failure with an error of another class', { ok: false, error: new Error('no') }],
    ['a result that is neither', {}],
  ])('retries an entry whose result is malformed, then fails the entry: %s', async (_, malformed) => {
    const bench = new Bench((items) => items.map(({ id }) => (id === 1 ? (malformed as never) : OK)));
    const outcomes = bench.add(3);
    const idle = watch(bench.batcher.idle());
    await bench.clock.advance(60_000);
    expect(bench.ids).toEqual([[0, 1, 2], [1], [1]]);
    expect([await codes(outcomes), idle.state]).toEqual([['ok', 'EntryUnanswered', 'ok'], 'resolved']);
  });

  it('resolves idle only after entries due for a retry have ended', async () => {
    const bench = new Bench(failing([0], 1));
    void bench.add(1);
    const idle = watch(bench.batcher.idle());
    await bench.clock.advance(1199);
    expect(idle.state).toBe('pending');
    await bench.clock.advance(1);
    expect(idle.state).toBe('resolved');
  });
});

describe('an aborted Batcher', () => {
  const error = failure('closed');

  it('fails pending entries and due retries on abort and lets open requests end', async () => {
    const bench = new Bench(failing([0], 1), { maxInFlight: 1 });
    const retrying = watch(bench.add(1)[0]!);
    await bench.clock.advance(100);
    const open = watch(bench.add(1, {}, 1)[0]!);
    await bench.clock.advance(10);
    const waiting = bench.add(2, {}, 2).map(watch);
    const idle = watch(bench.batcher.idle());

    bench.batcher.abort(error);
    await bench.clock.advance(0);
    expect([retrying, open, ...waiting, idle].map(({ state }) => state)).toEqual([
      'resolved',
      'pending',
      'resolved',
      'resolved',
      'pending',
    ]);
    await bench.clock.advance(90);
    expect([open.state, idle.state, bench.clock.pending]).toEqual(['resolved', 'resolved', 0]);
    expect(bench.ids).toEqual([[0], [1]]);
  });

  it('retries no entry that fails after an abort', async () => {
    const bench = new Bench(failing([0], 1));
    const outcomes = bench.add(1);
    await bench.clock.advance(50);
    bench.batcher.abort(error);
    await bench.clock.advance(60_000);
    expect(await codes(outcomes)).toEqual(['Scripted']);
    expect(bench.requests).toHaveLength(1);
  });

  it('fails entries that are added after an abort and leaves no timer', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 1000 });
    const early = bench.add(1);
    bench.batcher.abort(error);
    const late = bench.add(1, {}, 1);
    await bench.clock.advance(0);
    expect(bench.clock.pending).toBe(0);
    await bench.clock.advance(5000);
    await expect(Promise.all([...early, ...late])).resolves.toEqual([
      { ok: false, error },
      { ok: false, error },
    ]);
    expect(bench.requests).toEqual([]);
  });
});
