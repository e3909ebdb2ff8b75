import { FAULT_KINDS } from './fault-kinds.js';
import type { SeedsReport } from './run-seeds.js';

/** Share of the seeds in which each kind of fault must happen. */
export const LEAST_SHARE = 0.05;

/** Prints how often each fault happened, and the broken rules with their seeds. */
export function printReport({ seeds, faults, failures }: SeedsReport, first: number): void {
  console.log(`${seeds} seeds from ${first}`);
  for (const name of FAULT_KINDS) {
    const share = (faults[name] ?? 0) / seeds;
    console.log(`  ${name.padEnd(26)} in ${(100 * share).toFixed(1).padStart(5)} % of the seeds`);
  }
  const rules = new Map<string, { readonly seed: number; readonly text: string }[]>();
  for (const { seed, violations } of failures) {
    for (const { rule, text } of violations) rules.set(rule, [...(rules.get(rule) ?? []), { seed, text }]);
  }
  for (const [rule, broken] of rules) {
    console.log(`BROKEN in ${broken.length} seeds: ${rule}`);
    for (const { seed, text } of broken.slice(0, 3)) console.log(`  seed ${seed}: ${text}`);
  }
}

/** Returns one plain line about all seeds. */
export function lastLine({ seeds, virtualMs, failures }: SeedsReport, first: number, wallMs: number): string {
  const hours = virtualMs / 3_600_000;
  const speed = `${(seeds / (wallMs / 1_000)).toFixed(1)} seeds a second, ${(hours / (wallMs / 60_000)).toFixed(0)} simulated hours a minute`;
  const failed = failures.length === 0 ? 'no rule broken' : `${failures.length} seeds with broken rules`;
  return `simulate: ${seeds} seeds from ${first}, ${hours.toFixed(1)} simulated hours, ${failed}, ${speed}`;
}
