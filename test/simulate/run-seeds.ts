import { drawPlan } from './draw-plan.js';
import { check } from './invariants/all.js';
import type { Violation } from './invariants/violation.js';
import { simulate } from './simulation.js';

/** Result of many seeds. Plain data, so that processes can exchange it. */
export interface SeedsReport {
  seeds: number;
  /** Virtual time in ms. */
  virtualMs: number;
  /** Number of seeds in which each fault happened. */
  readonly faults: Record<string, number>;
  readonly failures: SeedFailure[];
}

/** The first violation of each broken rule of a seed. */
interface SeedFailure {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export function emptyReport(): SeedsReport {
  return { seeds: 0, virtualMs: 0, faults: {}, failures: [] };
}

/** Runs the seeds and gathers what happened. */
export async function runSeeds(seeds: Iterable<number>): Promise<SeedsReport> {
  const report = emptyReport();
  for (const seed of seeds) {
    const run = await simulate(drawPlan(seed));
    report.seeds += 1;
    report.virtualMs += run.ms;
    for (const name of run.journal.faults.keys()) report.faults[name] = (report.faults[name] ?? 0) + 1;
    const violations = firstOfEachRule(check(run));
    if (violations.length > 0) report.failures.push({ seed, violations });
    // Lets the process answer others, such as Jest.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return report;
}

/** Returns one violation of each rule, the earliest. */
export function firstOfEachRule(violations: readonly Violation[]): Violation[] {
  const first = new Map<string, Violation>();
  for (const violation of violations) if (!first.has(violation.rule)) first.set(violation.rule, violation);
  return [...first.values()];
}

/** Adds a report to another one. */
export function addReport(sum: SeedsReport, part: SeedsReport): void {
  sum.seeds += part.seeds;
  sum.virtualMs += part.virtualMs;
  for (const [name, count] of Object.entries(part.faults)) sum.faults[name] = (sum.faults[name] ?? 0) + count;
  sum.failures.push(...part.failures);
}
