import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LearnedLimit } from '#lib/queue/learned-size.js';
import { type Answer, Bench, codes, failure, type Item, OK } from './harness.js';

const KIB = 1024;

const bytesOf = (items: readonly Item[]): number => items.reduce((sum, { bytes = 1 }) => sum + bytes, 0);

/** A queue that refuses requests of more than `limit` bytes as a whole. */
function accepting(limit: number): Answer {
  return (items) => (bytesOf(items) > limit ? failure('too-large') : items.map(() => OK));
}

function benchOf(limit: number, maxInFlight = 1): { bench: Bench; learned: LearnedLimit[] } {
  const learned: LearnedLimit[] = [];
  const bench = new Bench(accepting(limit), {
    maxBytes: 1024 * KIB,
    maxInFlight,
    learned: (limits) => void learned.push(limits),
  });
  return { bench, learned };
}

describe('a request that the queue refuses as too large', () => {
  it('is repeated as smaller requests, and later requests stay as small', async () => {
    const { bench, learned } = benchOf(256 * KIB);
    const stored = codes(bench.add(200, { bytes: 100_000 }));
    await bench.clock.advance(60_000);
    expect(new Set(await stored)).toEqual(new Set(['ok']));
    // Two refusals, of ten and of five messages. All later requests have two.
    expect(bench.sizes.slice(0, 3)).toEqual([10, 5, 2]);
    expect(bench.sizes).toHaveLength(102);
    expect(learned).toEqual([{ refusedBytes: 500_000, maxBytes: 250_000 }]);
  });

  it('keeps the order of its items', async () => {
    const { bench } = benchOf(256 * KIB);
    void bench.add(40, { bytes: 100_000 });
    await bench.clock.advance(60_000);
    const accepted = bench.requests.filter(({ items }) => bytesOf(items) <= 256 * KIB);
    expect(accepted.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('says nothing about small items, which fill their requests again', async () => {
    const { bench } = benchOf(256 * KIB);
    void bench.add(20, { bytes: 100_000 });
    await bench.clock.advance(60_000);
    const before = bench.requests.length;
    void bench.add(30, { bytes: KIB }, 20);
    await bench.clock.advance(1_000);
    expect(bench.sizes.slice(before)).toEqual([10, 10, 10]);
  });

  it('is repeated item by item if the items have no sizes', async () => {
    const answer: Answer = (items) => (items.length > 1 ? failure('too-large') : [OK]);
    const bench = new Bench(answer, { maxInFlight: 1 });
    const stored = codes(bench.add(3, { bytes: 0 }));
    await bench.clock.advance(1_000);
    expect([await stored, bench.sizes]).toEqual([
      ['ok', 'ok', 'ok'],
      [3, 1, 1, 1],
    ]);
  });

  it('ends every item once: too large items fail, all others are stored, after few refusals', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 600_000 }), fc.constantFrom(1, 4), async (all, limit, open) => {
        const { bench } = benchOf(limit, open);
        const ends = codes(all.flatMap((bytes, id) => bench.add(1, { bytes }, id)));
        await bench.clock.advance(60_000);
        expect(await ends).toEqual(all.map((bytes) => (bytes > limit ? 'Scripted' : 'ok')));
        const refused = bench.requests.filter(({ items }) => bytesOf(items) > limit);
        const alone = refused.filter(({ items }) => items.length === 1);
        expect(alone).toHaveLength(all.filter((bytes) => bytes > limit).length);
        // Each halving costs at most as many refusals as requests were open.
        expect(refused.length - alone.length).toBeLessThanOrEqual(21 * open);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the order of the items of a key', async () => {
    const keys = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), bytes: fc.integer({ min: 1, max: 200 }) }), {
      minLength: 2,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(keys, fc.boolean(), async (all, oneOfKey) => {
        const bench = new Bench(accepting(300), { maxBytes: 1024, oneOfKey });
        all.forEach((item, id) => void bench.add(1, item, id));
        await bench.clock.advance(60_000);
        const accepted = bench.requests.filter(({ items }) => bytesOf(items) <= 300).flatMap(({ items }) => items);
        for (const key of ['a', 'b']) {
          const ids = accepted.filter((item) => item.key === key).map(({ id }) => id);
          expect(ids).toEqual([...ids].sort((a, b) => a - b));
        }
        expect(accepted).toHaveLength(all.length);
      }),
      { numRuns: 100 },
    );
  });
});
