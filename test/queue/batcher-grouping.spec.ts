import { describe, expect, it } from '@jest/globals';
import { Bench, codes, watch } from './harness.js';

const KIB = 1024;

describe('the requests of a Batcher', () => {
  it('sends a single entry at once', async () => {
    const bench = new Bench();
    const [outcome] = bench.add(1);
    await bench.clock.advance(0);
    expect(bench.requests).toMatchObject([{ startedAt: 0 }]);
    await bench.clock.advance(100);
    await expect(outcome).resolves.toEqual({ ok: true });
    expect(bench.clock.pending).toBe(0);
  });

  it('puts the entries of one turn into one request in order', async () => {
    const bench = new Bench();
    void bench.add(3);
    await Promise.resolve();
    void bench.add(2, {}, 3);
    await bench.clock.advance(100);
    expect(bench.ids).toEqual([[0, 1, 2, 3, 4]]);
  });

  it.each([
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])('splits %d entries into requests of at most ten', async (count, sizes) => {
    const bench = new Bench();
    void bench.add(count);
    await bench.clock.advance(100);
    expect(bench.sizes).toEqual(sizes);
  });

  it.each([
    ['10 of 300 KiB in 1 MiB', 10, 300 * KIB, [3, 3, 3, 1]],
    ['2 that fill it exactly', 2, 512 * KIB, [2]],
    ['2 that are one byte too many', 2, 512 * KIB + 1, [1, 1]],
    ['an item larger than a request goes alone', 2, 2048 * KIB, [1, 1]],
  ])('splits entries into requests by bytes: %s', async (_, count, bytes, sizes) => {
    const bench = new Bench(undefined, { maxBytes: 1024 * KIB });
    void bench.add(count, { bytes });
    await bench.clock.advance(100);
    expect(bench.sizes).toEqual(sizes);
    expect(bench.ids.flat()).toEqual(Array.from({ length: count }, (__, i) => i));
  });

  it('does not let a small entry overtake a large entry that does not fit', async () => {
    const bench = new Bench(undefined, { maxBytes: 100 });
    void bench.batcher.add({ id: 0, bytes: 60 });
    void bench.batcher.add({ id: 1, bytes: 60 });
    void bench.batcher.add({ id: 2, bytes: 10 });
    await bench.clock.advance(100);
    expect(bench.ids).toEqual([[0], [1, 2]]);
  });

  it('opens at most maxInFlight requests and fills the next request meanwhile', async () => {
    const bench = new Bench(undefined, { maxInFlight: 2 });
    for (let id = 0; id < 9; id += 1) {
      void bench.batcher.add({ id });
      await bench.clock.advance(10);
    }
    expect(bench.ids).toEqual([[0], [1]]);
    await bench.clock.advance(10);
    expect(bench.ids).toEqual([[0], [1], [2, 3, 4, 5, 6, 7, 8]]);
    expect(bench.requests[2]!.startedAt).toBe(100);
  });

  it('never exceeds maxInFlight open requests', async () => {
    const bench = new Bench(undefined, { maxInFlight: 3 });
    const outcomes = bench.add(100);
    await bench.clock.advance(1000);
    expect(await codes(outcomes)).toEqual(Array<string>(100).fill('ok'));
    const open = bench.requests.map(
      ({ startedAt }) => bench.requests.filter((r) => r.startedAt <= startedAt && r.endedAt > startedAt).length,
    );
    expect(Math.max(...open)).toBe(3);
  });

  it('waits lingerMs from the first entry for a request that is not full', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 50 });
    void bench.add(1);
    await bench.clock.advance(30);
    void bench.add(1, {}, 1);
    await bench.clock.advance(19);
    expect(bench.requests).toEqual([]);
    await bench.clock.advance(1);
    expect(bench.ids).toEqual([[0, 1]]);
  });

  it('sends a full request without waiting lingerMs', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 50 });
    void bench.add(10);
    await bench.clock.advance(0);
    expect(bench.sizes).toEqual([10]);
  });

  it('lets the rest of a full request linger', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 50 });
    void bench.add(4);
    await bench.clock.advance(20);
    void bench.add(8, {}, 4);
    await bench.clock.advance(29);
    expect(bench.sizes).toEqual([10]);
    await bench.clock.advance(1);
    expect(bench.sizes).toEqual([10, 2]);
  });

  it('lingers only once for an entry that waits for another request', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 50, maxInFlight: 1 });
    void bench.add(1);
    await bench.clock.advance(60);
    void bench.add(1, {}, 1);
    await bench.clock.advance(60);
    void bench.add(1, {}, 2);
    await bench.clock.advance(29);
    expect(bench.sizes).toEqual([1]);
    await bench.clock.advance(1);
    expect(bench.sizes).toEqual([1, 2]);
  });

  it('sends lingering entries at once and resolves idle after their outcomes', async () => {
    const bench = new Bench(undefined, { lingerMs: () => 60_000 });
    void bench.add(2);
    const idle = watch(bench.batcher.idle());
    await bench.clock.advance(99);
    expect([bench.sizes, idle.state]).toEqual([[2], 'pending']);
    await bench.clock.advance(1);
    expect([idle.state, bench.clock.pending]).toEqual(['resolved', 0]);
    await expect(bench.batcher.idle()).resolves.toBeUndefined();
  });
});
