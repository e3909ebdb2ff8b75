import { execFileSync } from 'node:child_process';

/** One entry of the output of a benchmark for programs. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly wanted?: string;
  readonly reached?: boolean;
}

/** The output of a benchmark. */
export interface SmokeRun {
  /** Figures by name. */
  readonly figures: ReadonlyMap<string, Entry>;
  readonly acceptances: readonly Entry[];
}

/**
 * Runs a benchmark as shortly as possible. Its figures mean nothing.
 *
 * @param only candidates to run, in place of all
 * @param args arguments that only this benchmark has
 */
export function smokeRun(
  bench: string,
  { only = [], args = [] }: { readonly only?: readonly string[]; readonly args?: readonly string[] } = {},
): SmokeRun {
  const chosen = only.flatMap((name) => ['--only', name]);
  const all = [`build/bench/${bench}.js`, '--json', '--rounds', '1', '--smoke', ...chosen, ...args];
  const entries = JSON.parse(
    execFileSync(process.execPath, all, { encoding: 'utf8', stdio: 'pipe' }),
  ) as readonly Entry[];
  const [figures, acceptances] = [false, true].map((of) => entries.filter((entry) => 'wanted' in entry === of));
  return { figures: new Map(figures!.map((entry) => [entry.name, entry])), acceptances: acceptances! };
}

/** Returns what stands before the last part of the names: the candidates, with their settings. */
export function candidatesOf({ figures }: SmokeRun): readonly string[] {
  return [...new Set([...figures.keys()].map((name) => name.split(': ').slice(1, -1).join(': ')))];
}
