import { describe, expect, it } from '@jest/globals';
import { KNOWN_VIOLATIONS } from '../known-violations.js';
import { findMutant } from './find-mutant.js';
import { MUTANTS } from './mutants.js';

const SEEDS = 1_000;

/** A rule that is broken anyway shows nothing about a mistake. */
const shown = MUTANTS.filter(({ rules }) => rules.some((rule) => !Object.hasOwn(KNOWN_VIOLATIONS, rule)));

describe('a mistake in the library', () => {
  it.each(shown)(
    'is found within a thousand seeds if it $name',
    async (mutant) => {
      const found = await findMutant(mutant, 1, SEEDS);
      expect(mutant.rules).toContain(found?.violation.rule);
    },
    600_000,
  );
});
