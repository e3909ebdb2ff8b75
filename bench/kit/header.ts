import { cpus } from 'node:os';
import type { Bench, Candidate, Setting } from './bench.js';
import { versionOf } from './packages.js';

/** Describes the machine, the versions and the effort of a run. */
export function describeRun<S extends Setting>(
  bench: Bench,
  candidates: readonly Candidate<S>[],
  rounds: number,
): string {
  const processors = cpus();
  const packages = (bench.packages ?? []).map((name) => `${name} ${versionOf(name)}`);
  const rivals = candidates.flatMap(({ versions = [] }) => versions);
  const versions = [`Node ${process.versions.node}`, ...new Set([...packages, ...rivals])];
  return [
    bench.title,
    `${versions.join(', ')}; ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}; ` +
      `medians of ${rounds} interleaved ${rounds === 1 ? 'round' : 'rounds'}, in parentheses the least and the largest`,
  ].join('\n');
}
