import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawPlan } from './draw-plan.js';
import { FAULT_KINDS } from './fault-kinds.js';
import { check } from './invariants/all.js';
import { LEAST_SHARE } from './print-report.js';
import { runSeeds, type SeedsReport } from './run-seeds.js';
import { simulate } from './simulation.js';

const SEEDS = 200;
/** Wall time in ms that the seeds may take on a machine under load. */
const LONGEST_MS = 120_000;

describe('the simulation of 200 seeds', () => {
  let report: SeedsReport;

  beforeAll(async () => {
    report = await runSeeds(Array.from({ length: SEEDS }, (_, at) => at + 1));
  }, LONGEST_MS);

  it('breaks no rule', () => {
    const broken = report.failures.map(({ seed, violations }) => ({ seed, rules: violations.map(({ rule }) => rule) }));
    expect(broken).toEqual([]);
  });

  it('meets each kind of fault in at least five percent of the seeds', () => {
    const rare = FAULT_KINDS.filter((name) => (report.faults[name] ?? 0) < LEAST_SHARE * SEEDS);
    expect(rare).toEqual([]);
  });
});

describe('a seed of the simulation', () => {
  it.each([3_167, 13_575, 29_605, 41_465, 61_566, 232_186_668, 248_659_656])(
    'breaks no rule that it once broke, or that was wrong (%i)',
    async (seed) => {
      expect(check(await simulate(drawPlan(seed)))).toEqual([]);
    },
  );

  it.each([3, 58, 71, 307_838])('gives the same journal each time (%i)', async (seed) => {
    const [first, second] = [await simulate(drawPlan(seed)), await simulate(drawPlan(seed))];
    expect(first.journal.lines.length).toBeGreaterThan(100);
    expect(second.journal.hash()).toBe(first.journal.hash());
  });

  it('gives another journal than another seed', async () => {
    const [one, other] = [await simulate(drawPlan(3)), await simulate(drawPlan(4))];
    expect(one.journal.hash()).not.toBe(other.journal.hash());
  });

  it('leaves the globals of the process as they were', async () => {
    const { setImmediate, setTimeout } = globalThis;
    const { random } = Math;
    await simulate(drawPlan(3));
    expect({ setImmediate, setTimeout, random }).toEqual({
      setImmediate: globalThis.setImmediate,
      setTimeout: globalThis.setTimeout,
      random: Math.random,
    });
  });
});
