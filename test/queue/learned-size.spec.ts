import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LearnedSize } from '#lib/queue/learned-size.js';

describe('a learned size', () => {
  it('keeps the maximum while nothing is refused', () => {
    const size = new LearnedSize(1000);
    expect([size.isLearning, size.maxBytes, size.acceptedBytes]).toEqual([false, 1000, undefined]);
  });

  it('halves what was refused, down to what was accepted', () => {
    const size = new LearnedSize(1000);
    size.refuse(900);
    expect(size.maxBytes).toBe(450);
    expect(size.accept(400)).toEqual({ refusedBytes: 900, maxBytes: 450 });
    size.refuse(440);
    expect(size.maxBytes).toBe(400);
  });

  it('returns what it has learned once for all refusals before', () => {
    const size = new LearnedSize(1000);
    for (const bytes of [1000, 500]) size.refuse(bytes);
    expect([100, 200].map((bytes) => size.accept(bytes))).toEqual([{ refusedBytes: 500, maxBytes: 250 }, undefined]);
  });

  it('learns nothing from a refusal above the maximum', () => {
    const size = new LearnedSize(1000);
    for (const bytes of [1000, 900, 800]) size.refuse(bytes);
    expect(size.maxBytes).toBe(500);
  });

  it('forgets what was accepted when the same size is refused later', () => {
    const size = new LearnedSize(1000);
    size.refuse(1000);
    size.accept(500);
    size.refuse(300);
    expect([size.maxBytes, size.acceptedBytes]).toEqual([150, undefined]);
  });

  it('ends below any limit of a queue after refusals of a logarithmic number', () => {
    const sizes = fc.integer({ min: 2, max: 1_048_576 });
    fc.assert(
      fc.property(sizes, sizes, (limit, bytes) => {
        const size = new LearnedSize(1_048_576);
        let refusals = 0;
        for (let next = bytes; next > limit; next = Math.min(next, size.maxBytes), refusals += 1) size.refuse(next);
        expect(size.maxBytes).toBeGreaterThanOrEqual(Math.min(Math.floor(limit / 2), 1_048_576));
        expect(refusals).toBeLessThanOrEqual(21);
      }),
    );
  });
});
