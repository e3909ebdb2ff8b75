import { describe, expect, it } from '@jest/globals';
import { findMutant } from './find-mutant.js';
import { MUTANTS } from './mutants.js';

const SEEDS = 1_000;

describe('a mistake in the library', () => {
  it.each(MUTANTS)(
    'is found within a thousand seeds if it $name',
    async (mutant) => {
      const found = await findMutant(mutant, 1, SEEDS);
      expect(mutant.rules).toContain(found?.violation.rule);
    },
    600_000,
  );
});
