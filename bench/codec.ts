import { parseArgs } from 'node:util';
import { judge } from './codec/acceptance.js';
import { apacheCandidates } from './codec/apache-candidates.js';
import { otherCandidates } from './codec/other-candidates.js';
import { ownCandidates } from './codec/own-candidates.js';
import { report } from './codec/report.js';
import { runCandidates } from './codec/run-candidates.js';

/**
 * Measures the codecs side by side in one process.
 *
 * `--rounds n` sets the samples of each codec (default 15). `--only text` selects candidates whose
 * names contain the text, and may be repeated. `--json` prints JSON for programs. `--smoke` only
 * checks that everything runs: its times mean nothing.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '15' },
    smoke: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1');

const candidates = [...apacheCandidates, ...otherCandidates, ...ownCandidates].filter(
  ({ name }) => values.only.length === 0 || values.only.some((text) => name.includes(text)),
);
const results = runCandidates(candidates, [1, 10, 100], { rounds, sampleMs: values.smoke ? 1 : 20 });
const acceptances = judge(results);
console.log(
  values.json
    ? JSON.stringify({ node: process.version, rounds, results, acceptances }, null, 2)
    : report(results, acceptances),
);
