import { parseArgs } from 'node:util';
import type { Bench, Candidate, Running, Setting } from './bench.js';
import { requireCharts, writeChart } from './chart.js';
import { describeRun } from './header.js';
import { formatTables, toJson } from './report.js';
import { judge, type Sampled, summarize } from './results.js';
import { shuffled } from './statistics.js';

/** Part of the events of a sample that a smoke run carries. */
const SMOKE_SHARE = 0.05;

interface RunOptions {
  readonly rounds: number;
  readonly only: readonly string[];
  readonly json: boolean;
  readonly smoke: boolean;
  readonly chart: boolean;
}

function readOptions({ rounds: standard }: Bench, args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      chart: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: String(standard) },
      smoke: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1');
  return { ...values, rounds };
}

/**
 * Answers the question of a benchmark: starts all candidates, lets each run once without counting,
 * and samples them in turns, in a new order each round. Prints medians.
 *
 * `--rounds n` sets the samples of each candidate. `--only text` selects candidates whose names
 * contain the text, and may be repeated. `--json` prints JSON for programs. `--chart` writes
 * docs/charts/<name>.svg. `--smoke` only checks that everything runs.
 *
 * @param args arguments without the options that only this benchmark has
 */
export async function runBench<S extends Setting>(
  bench: Bench<S>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const from = performance.now();
  const asPlain = bench as unknown as Bench;
  const options = readOptions(asPlain, args);
  if (options.chart) requireCharts();
  const candidates = choose(bench, options.only);
  const print = options.json ? console.error : console.log;
  print(`${describeRun(asPlain, candidates, options.rounds)}\n`);
  const figures = summarize(asPlain, await sampleAll(bench, candidates, options));
  const acceptances = judge(asPlain, figures);
  if (options.json) console.log(JSON.stringify(toJson(asPlain, figures, acceptances), null, 2));
  else console.log(formatTables(asPlain, figures, acceptances));
  if (options.chart) console.error(`wrote ${writeChart(asPlain, figures)}`);
  console.error(`\nbench:${bench.name} took ${Math.round((performance.now() - from) / 1000)} s`);
}

/** Returns the candidates that are chosen and can run here. Says on standard error which cannot. */
function choose<S extends Setting>({ candidates }: Bench<S>, only: readonly string[]): Candidate<S>[] {
  const chosen = candidates.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  if (chosen.length === 0) {
    throw new TypeError(`--only matches none of ${candidates.map(({ name }) => name).join(', ')}`);
  }
  for (const { name, missing } of chosen) if (missing !== undefined) console.error(`skipped ${name}: ${missing}`);
  return chosen.filter(({ missing }) => missing === undefined);
}

/** Pairs a started candidate with one setting. */
interface Run<S extends Setting> {
  readonly running: Running<S>;
  readonly setting: S;
  readonly sampled: Sampled;
}

async function sampleAll<S extends Setting>(
  { settings, together = false, warmUp = true, warmUpShare = 0 }: Bench<S>,
  candidates: readonly Candidate<S>[],
  { rounds, smoke }: RunOptions,
): Promise<readonly Sampled[]> {
  const share = smoke ? SMOKE_SHARE : 1;
  const started: Running<S>[] = [];
  const runs: Run<S>[] = [];
  try {
    for (const candidate of candidates) {
      const running = await candidate.start();
      started.push(running);
      const taken = settings.filter((setting) => candidate.takes?.(setting) ?? true);
      for (const setting of taken) {
        runs.push({ running, setting, sampled: { candidate: candidate.name, setting: setting.name, samples: [] } });
      }
      // A new process is slow at first, and the SDK warms up slowly.
      if (taken[0] !== undefined && warmUp) await running.measure(taken[0], share);
    }
    for (let round = 0; round < rounds; round += 1) await sampleRound(runs, share, { together, warmUpShare });
  } finally {
    await Promise.all(started.map((running) => running.stop()));
  }
  return runs.map(({ sampled }) => sampled);
}

/** Samples the candidates in a new order, and the settings of each one after the other. */
async function sampleRound<S extends Setting>(
  runs: readonly Run<S>[],
  share: number,
  { together, warmUpShare }: { readonly together: boolean; readonly warmUpShare: number },
): Promise<void> {
  const sample = async ({ running, setting, sampled }: Run<S>): Promise<void> => {
    sampled.samples.push(await running.measure(setting, share));
  };
  if (together) return void (await Promise.all(runs.map(sample)));
  for (const running of shuffled([...new Set(runs.map((run) => run.running))])) {
    const [first, ...others] = shuffled(runs.filter((run) => run.running === running));
    if (warmUpShare > 0) await running.measure(first!.setting, share * warmUpShare);
    for (const run of [first!, ...others]) await sample(run);
  }
}
