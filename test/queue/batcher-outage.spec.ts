import { describe, expect, it } from '@jest/globals';
import { Bench, codes, failed, failure, OK, type Answer } from './harness.js';

/** Answers no request until `ms`. */
const downUntil =
  (bench: () => Bench, ms: number): Answer =>
  (items) =>
    bench().clock.now() < ms ? failure('network') : items.map(() => OK);

describe('a Batcher whose queue does not answer', () => {
  it('sends a request at most a second after the last failure and all entries once the queue answers', async () => {
    const bench: Bench = new Bench(
      downUntil(() => bench, 9_000),
      { deliveryTimeoutMs: 60_000 },
    );
    const outcomes = bench.add(100);
    await bench.clock.advance(30_000);
    // Four requests were open at first. Pauses of 1 s follow, each from the end of the last failure.
    expect(bench.requests.map(({ startedAt }) => startedAt).slice(0, 8)).toEqual([
      0, 0, 0, 0, 1_100, 2_200, 3_300, 4_400,
    ]);
    expect(bench.requests).toHaveLength(12 + 10);
    expect(new Set(await codes(outcomes))).toEqual(new Set(['ok']));
  });

  it('keeps the order of all entries during an outage', async () => {
    const bench: Bench = new Bench(
      downUntil(() => bench, 3_000),
      { maxEntries: 2, maxInFlight: 1 },
    );
    void bench.add(2);
    await bench.clock.advance(500);
    void bench.add(3, {}, 2);
    await bench.clock.advance(30_000);
    expect(bench.ids).toEqual([[0, 1], [0, 1], [0, 1], [0, 1], [2, 3], [4]]);
  });

  it('gives up entries that have waited deliveryTimeoutMs and keeps later entries', async () => {
    const bench: Bench = new Bench(
      downUntil(() => bench, 13_000),
      { deliveryTimeoutMs: 10_000 },
    );
    const early = bench.add(15);
    await bench.clock.advance(5_000);
    const late = bench.add(3, {}, 15);
    await bench.clock.advance(60_000);
    expect(new Set(await codes(early))).toEqual(new Set(['Scripted']));
    expect(await codes(late)).toEqual(['ok', 'ok', 'ok']);
    expect(bench.clock.pending).toBe(0);
  });

  it('pauses between requests however short the backoff', async () => {
    const bench: Bench = new Bench(
      downUntil(() => bench, 1_000),
      { retryBaseMs: 0, maxInFlight: 1 },
    );
    const outcomes = bench.add(1);
    await bench.clock.advance(5_000);
    const pauses = bench.requests.slice(1).map(({ startedAt }, i) => startedAt - bench.requests[i]!.endedAt);
    expect(new Set(pauses)).toEqual(new Set([10]));
    expect(await codes(outcomes)).toEqual(['ok']);
  });

  it('gives up all entries at the first failed request when deliveryTimeoutMs is 0', async () => {
    const bench = new Bench(() => failure('network'), { deliveryTimeoutMs: 0 });
    const outcomes = bench.add(25);
    await bench.clock.advance(100);
    expect(new Set(await codes(outcomes))).toEqual(new Set(['Scripted']));
    expect(bench.requests).toHaveLength(3);
  });

  it('gives up no entry while any request is answered', async () => {
    const bench = new Bench((items, number) => (number % 4 === 0 ? items.map(() => OK) : failure('throttled')), {
      deliveryTimeoutMs: 10_000,
    });
    const outcomes = bench.add(200);
    await bench.clock.advance(600_000);
    expect(new Set(await codes(outcomes))).toEqual(new Set(['ok']));
    expect(bench.requests.at(-1)!.startedAt).toBeGreaterThan(20_000);
  });

  it('resets the backoff of the circuit breaker after an answered request, even a refusal', async () => {
    const bench = new Bench(
      (items, number) =>
        [2, 4, 6].includes(number) ? failure('network') : items.map(() => (number < 6 ? failed() : OK)),
      { maxAttempts: 9 },
    );
    const outcomes = bench.add(1);
    await bench.clock.advance(60_000);
    const pauses = bench.requests.slice(1).map(({ startedAt }, i) => startedAt - bench.requests[i]!.endedAt);
    expect(pauses).toEqual([1_000, 1_000, 2_000, 1_000, 4_000, 1_000]);
    expect(await codes(outcomes)).toEqual(['ok']);
  });

  it('keeps the order of each key during an outage', async () => {
    const bench: Bench = new Bench(
      downUntil(() => bench, 5_000),
      { oneOfKey: true },
    );
    for (let i = 0; i < 6; i += 1) {
      void bench.add(1, { key: i % 2 === 0 ? 'a' : 'b' }, i);
      await bench.clock.advance(700);
    }
    await bench.clock.advance(60_000);
    const stored = bench.requests.filter(({ startedAt }) => startedAt >= 5_000).flatMap(({ items }) => items);
    for (const key of ['a', 'b']) {
      const ids = stored.filter((item) => item.key === key).map(({ id }) => id);
      expect(ids).toEqual([...ids].sort((x, y) => x - y));
      expect(ids).toHaveLength(3);
    }
  });
});
