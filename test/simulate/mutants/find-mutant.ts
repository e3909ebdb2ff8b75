import { drawPlan } from '../draw-plan.js';
import { check } from '../invariants/all.js';
import type { Violation } from '../invariants/violation.js';
import { simulate } from '../simulation.js';
import type { Mutant } from './mutants.js';

/** The first seed that finds a mutant, with the rule that the mutant breaks. */
export interface Found {
  readonly seed: number;
  readonly violation: Violation;
}

/** Runs seeds until one breaks a rule only because of the mutant. */
export async function findMutant(mutant: Mutant, first: number, seeds: number): Promise<Found | undefined> {
  for (let seed = first; seed < first + seeds; seed += 1) {
    const broken = (await withMutant(mutant, seed)).filter(({ rule }) => mutant.rules.includes(rule));
    if (broken.length === 0) continue;
    const without = new Set((await violationsOf(seed)).map(({ rule }) => rule));
    const violation = broken.find(({ rule }) => !without.has(rule));
    if (violation) return { seed, violation };
  }
  return undefined;
}

async function withMutant(mutant: Mutant, seed: number): Promise<Violation[]> {
  const undo = mutant.apply();
  try {
    return await violationsOf(seed);
  } finally {
    undo();
  }
}

async function violationsOf(seed: number): Promise<Violation[]> {
  return check(await simulate(drawPlan(seed)));
}
