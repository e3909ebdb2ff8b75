import { parseArgs } from 'node:util';
import { candidates, type Running } from './carriers/candidates.js';
import { judge, type Sample, summarize } from './carriers/results.js';
import { shuffled } from './measure.js';
import { table } from './table.js';

/**
 * Measures how many 200-byte events a second each carrier takes from one process to another: sockets
 * beside Nest's own TCP transport, HTTP and Starling beside loops written by hand. All candidates
 * take turns in one run.
 *
 * `--rounds n` sets the samples of each candidate (default 7). `--only text` runs the candidates
 * whose names contain the text; may be repeated. `--json` prints JSON for programs. `--smoke` only
 * checks that everything runs.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '7' },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1');
const chosen = candidates.filter(
  ({ name }) => values.only.length === 0 || values.only.some((text) => name.includes(text)),
);
if (chosen.length === 0) throw new TypeError(`--only matches none of ${candidates.map(({ name }) => name).join(', ')}`);

const share = values.smoke ? 50 : 1;
const samples: Sample[] = [];
const running = new Map<string, Running>();
try {
  for (const candidate of chosen) {
    const started = await candidate.start();
    running.set(candidate.name, started);
    // A new process is slow at first.
    await started.run(candidate.events / share);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const candidate of shuffled(chosen)) {
      const events = candidate.events / share;
      samples.push({ name: candidate.name, events, ...(await running.get(candidate.name)!.run(events)) });
    }
  }
} finally {
  for (const one of running.values()) await one.stop();
}

const results = chosen.map(({ name }) => summarize(name, samples));
const acceptances = judge(results);
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, results, acceptances }, null, 2));
else {
  const shown = results.map(({ name, eventsPerSecond, senderCpu, receiverCpu }) => [
    name,
    eventsPerSecond.toFixed(0),
    senderCpu?.toFixed(1) ?? '–',
    receiverCpu.toFixed(1),
  ]);
  const judged = acceptances.map(({ demand, measured, wanted, reached }) => [
    demand,
    measured.toFixed(2),
    wanted,
    reached ? 'reached' : 'missed',
  ]);
  const lines = [
    ...table([['carrier', 'events / s', 'CPU µs / event, sender', 'receiver'], ...shown]),
    '',
    ...table([['acceptance', 'measured', 'wanted', ''], ...judged]),
  ];
  console.log(lines.join('\n'));
}
