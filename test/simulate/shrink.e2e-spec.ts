import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { drawPlan } from './draw-plan.js';
import { MUTANTS } from './mutants/mutants.js';
import type { Undo } from './mutants/patch.js';
import { type Failure, failureOf, shrink } from './shrink.js';
import { story } from './story.js';

/** A mistake that breaks a rule in nearly every seed, whatever the library does. */
const mutant = MUTANTS.find(({ name }) => name === 'resolves an emit before it is stored')!;
const [rule = ''] = mutant.rules;
const LONGEST_MS = 60_000;

describe('a failing seed', () => {
  let undo: Undo;
  let whole: Failure;
  let small: Failure;

  beforeAll(async () => {
    undo = mutant.apply();
    whole = (await failureOf(drawPlan(4), rule))!;
    small = await shrink(whole);
  }, LONGEST_MS);

  afterAll(() => undo());

  it('shrinks to one process of each kind, one message and no fault', () => {
    expect(whole.plan.calls.length).toBeGreaterThanOrEqual(20);
    const { clients, workers, calls, incidents, outages, faulty } = small.plan;
    const sizes = { clients, workers, calls, incidents, outages, faulty };
    const lengths = Object.entries(sizes).map(([name, list]) => [name, list?.length]);
    expect(Object.fromEntries(lengths)).toEqual({
      clients: 1,
      workers: 1,
      calls: 1,
      incidents: 0,
      outages: 0,
      faulty: 0,
    });
  });

  it('is told as a short story with times, processes and what they do', () => {
    const lines = story(small).split('\n');
    expect(lines.length).toBeLessThan(30);
    expect(lines[0]).toBe(`seed 4: ${rule}`);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}\d\d:\d\d\.\d{3} {2}c\d +emits call \d+$/));
    expect(lines.at(-1)).toBe(`  => ${small.violation.text}`);
  });
});
