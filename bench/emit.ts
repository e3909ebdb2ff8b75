import { parseArgs } from 'node:util';
import { candidates, type Candidate } from './emit/candidates.js';
import { judge, summarize, type Sample } from './emit/results.js';
import { startSink } from './emit/sink-process.js';
import { shuffled } from './measure.js';
import { table } from './table.js';

/**
 * Measures the cost of emitting 200-byte events in several ways: requests and billed units per
 * million events, CPU time of the emitting process per event, and events per second, with answers
 * at once and after 8 ms. All candidates take turns in one process, against a sink in another
 * process.
 *
 * `--rounds n` sets the samples of each candidate (default 5). `--json` prints JSON for programs.
 * `--smoke` only checks that everything runs.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1');

/** Delays answers by this many ms, as SQS itself does. A sink on the same machine answers at once. */
const DELAY_MS = 8;
const runs = candidates.flatMap((candidate) => [0, DELAY_MS].map((delayMs) => [candidate, delayMs] as const));
const sink = await startSink();
const samples: Sample[] = [];

async function sample(candidate: Candidate, delayMs: number, keep: boolean): Promise<void> {
  const events = values.smoke ? candidate.events / 10 : candidate.events;
  const sender = await candidate.start(sink.endpoint);
  // The SDK warms up slowly, and each client warms up on its own.
  await sender.send(events / 10);
  await sink.counts(delayMs);
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  await sender.send(events);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const counts = await sink.counts(0);
  await sender.close();
  if (keep) samples.push({ name: candidate.name, delayMs, events, seconds, cpuMicroseconds: user + system, ...counts });
}

try {
  for (const candidate of candidates) await sample(candidate, 0, false);
  for (let round = 0; round < rounds; round += 1) {
    for (const [candidate, delayMs] of shuffled(runs)) await sample(candidate, delayMs, true);
  }
} finally {
  await sink.stop();
}

const results = runs.map(([{ name }, delayMs]) => summarize(name, delayMs, samples));
const acceptances = judge(results);
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, results, acceptances }, null, 2));
else {
  const shown = results.map((row) => [
    row.name,
    String(row.delayMs),
    row.requestsPerMillion.toFixed(0),
    row.billedPerMillion.toFixed(0),
    row.cpuMicroseconds.toFixed(2),
    row.eventsPerSecond.toFixed(0),
  ]);
  const judged = acceptances.map(({ demand, measured, wanted, reached }) => [
    demand,
    measured.toFixed(2),
    wanted,
    reached ? 'reached' : 'missed',
  ]);
  const lines = [
    ...table([['way', 'answer ms', 'requests / 1 M', 'billed / 1 M', 'CPU µs / event', 'events / s'], ...shown]),
    '',
    ...table([['acceptance', 'measured', 'wanted', ''], ...judged]),
  ];
  console.log(lines.join('\n'));
}
