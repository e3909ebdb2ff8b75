import { describe, expect, it } from '@jest/globals';
import { climb, type Problem, replay } from './climb.js';
import { cpuOf } from './measure.js';
import { type Random, seeded } from '../random.js';

/** Bodies whose planted reader needs one more ms for each pair of equal bytes beside each other, from the third pair on. */
const planted: Problem<readonly number[]> = {
  create: (random) => Array.from({ length: 4 }, () => random.below(256)),
  mutate(random, bytes) {
    const at = random.below(bytes.length);
    const value = random.oneIn(4) ? bytes[Math.max(0, at - 1)]! : random.below(256);
    return random.oneIn(3) ? [...bytes, value].slice(-40) : bytes.map((byte, i) => (i === at ? value : byte));
  },
  cost: (bytes) => bytes.filter((byte, i) => i > 0 && byte === bytes[i - 1]).length + bytes.length / 100,
};

describe('the search for the worst', () => {
  it.each([1, 2, 3])('finds a planted slow decoder within 3 000 steps, with the seed %i', (seed) => {
    const [worst] = climb(planted, { seed, isOver: (steps) => steps >= 3_000, patience: 1_000 });
    expect(worst!.cost).toBeGreaterThan(15);
    // Random candidates alone do not come near.
    const random = seeded(seed);
    const best = Math.max(...Array.from({ length: 3_000 }, () => planted.cost(planted.create(random), 0)!));
    expect(best).toBeLessThan(4);
  });

  it('makes a candidate again from its lineage, and finds the same with the same seed', () => {
    const search = () => climb(planted, { seed: 7, isOver: (steps) => steps >= 500 });
    const [worst] = search();
    expect(worst!.lineage.length).toBeGreaterThan(3);
    expect(replay(planted, worst!.lineage)).toEqual(worst!.candidate);
    expect(search()).toEqual(search());
  });

  it('starts anew when nothing becomes worse, and returns the worst first', () => {
    const stubborn = { ...planted, mutate: (random: Random) => planted.create(random) };
    const found = climb(stubborn, { seed: 1, isOver: (steps) => steps >= 600, patience: 20 });
    expect(found.length).toBeGreaterThan(2);
    expect(found.map(({ cost }) => cost)).toEqual(found.map(({ cost }) => cost).sort((a, b) => b - a));
  });

  it('prefers a body whose decoder is slow to one that is read at once', () => {
    const spin = (ms: number) => () => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    };
    expect(cpuOf(spin(3))).toBeGreaterThan(5 * cpuOf(spin(0.1)));
  });
});
