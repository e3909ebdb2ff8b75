/**
 * Runs the library against a simulated queue, network and clock.
 *
 *     npm run simulate -- --seeds 1000            # other seeds at each call
 *     npm run simulate -- --seeds 1000 --first 1  # the seeds 1 to 1000
 *     npm run simulate -- --minutes 4 --seeds 500 # as many seeds as fit, and 500 at least
 *     npm run simulate -- --seed 42               # one seed, shrunk to a short story for each broken rule
 *     npm run simulate -- --seed 42 --whole       # the whole journal of one seed
 *
 * `--jobs 2` shares the seeds among two processes. `--rule` tells the story of one rule. `--json` prints
 * the report as JSON. Ends with code 1 if a seed breaks a rule.
 */
import { parseArgs } from 'node:util';
import { drawPlan } from './draw-plan.js';
import { check } from './invariants/all.js';
import { type JobOptions, runInJobs } from './jobs.js';
import { lastLine, printReport } from './print-report.js';
import { firstOfEachRule } from './run-seeds.js';
import { failureOf, shrink } from './shrink.js';
import { simulate } from './simulation.js';
import { story } from './story.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    first: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    rule: { type: 'string' },
    whole: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

if (values.seed !== undefined) await replay(Number(values.seed));
else if (values.seeds === undefined && values.minutes === undefined) usage();
else await many();

function usage(): void {
  console.error('usage: npm run simulate -- --seeds <number> | --minutes <number> | --seed <seed>');
  process.exitCode = 2;
}

async function many(): Promise<void> {
  const options: JobOptions = {
    first: Number(values.first ?? Date.now() % 1_000_000_000),
    least: Number(values.seeds ?? 0),
    endAt: Date.now() + Number(values.minutes ?? 0) * 60_000,
    jobs: Number(values.jobs),
  };
  const startedAt = performance.now();
  const report = await runInJobs(options);
  const wallMs = performance.now() - startedAt;
  if (values.json) console.log(JSON.stringify({ ...report, first: options.first, wallMs }));
  else printReport(report, options.first);
  if (report.failures.length > 0) process.exitCode = 1;
  if (!values.json) console.log(lastLine(report, options.first, wallMs));
}

/** Runs one seed, and tells the story of each broken rule. */
async function replay(seed: number): Promise<void> {
  const run = await simulate(drawPlan(seed));
  const violations = firstOfEachRule(check(run));
  if (values.whole) for (const { at, who, text } of run.journal.lines) console.log(`${at} ${who} ${text}`);
  for (const { rule } of violations.filter((each) => values.rule === undefined || each.rule === values.rule)) {
    const failure = (await failureOf(run.plan, rule))!;
    console.log(`\n${story(await shrink(failure))}`);
  }
  if (violations.length > 0) process.exitCode = 1;
  console.log(`seed ${seed}: ${violations.length} broken rules, journal ${run.journal.hash().slice(0, 16)}`);
}
