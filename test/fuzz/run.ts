/**
 * Fuzzes the codecs.
 *
 *     npm run fuzz -- --random 1000000 [--protocol binary] [--seed 1]
 *     npm run fuzz -- --diff 100000 [--protocol compact] [--seed 1]
 *     npm run fuzz -- --slow [--minutes 3] [--protocol json] [--objective cpu] [--seed 1]
 *     npm run fuzz -- --replay compact:1.2.3 [--save test/fuzz/fixtures/costly/name.json]
 *
 * The numbers of the first two are for each protocol. The third searches for the bodies of 128 KiB that
 * cost the most time, memory and lines of the log, and the fourth shows one of them again. Ends with
 * code 1 when anything was found that must not be.
 */
import { parseArgs } from 'node:util';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { runDifferential } from './differential.js';
import { runRandom } from './random-run.js';
import { objectivesOf, replaySlow, runSlow } from './slow/run-slow.js';

/** No buffer of a fuzzing run is so large that reading it may take longer. Milliseconds. */
const SLOW = 5;

const { values } = parseArgs({
  options: {
    random: { type: 'string' },
    diff: { type: 'string' },
    slow: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '3' },
    objective: { type: 'string' },
    replay: { type: 'string' },
    save: { type: 'string' },
    protocol: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() >>> 0) },
  },
});
const seed = Number(values.seed) >>> 0;
const protocols = PROTOCOLS.filter((name) => values.protocol === undefined || values.protocol === name);
const objectives = objectivesOf(values.objective);
const isAsked = [values.random, values.diff, values.replay].some((value) => value !== undefined) || values.slow;
if (protocols.length === 0 || objectives.length === 0 || !isAsked) {
  console.error(
    'usage: npm run fuzz -- --random <runs> | --diff <runs> | --slow [--minutes <minutes>] [--objective cpu|heap|log] |\n' +
      '       --replay <name> [--save <file>]; all with [--protocol <name>] [--seed <number>]',
  );
  process.exit(2);
}

if (values.replay !== undefined) {
  if (!replaySlow(values.replay, values.save)) process.exitCode = 1;
} else {
  console.log(`seed ${seed}`);
  for (const protocol of protocols) {
    if (values.random !== undefined) reportRandom(protocol, Number(values.random));
    if (values.diff !== undefined) await reportDifferential(protocol, Number(values.diff));
  }
  if (values.slow && !runSlow({ minutes: Number(values.minutes), seed, protocols, objectives })) process.exitCode = 1;
}

function reportRandom(protocol: ProtocolName, runs: number): void {
  const started = performance.now();
  // Compiled and warm, so that the slowest buffer is a slow buffer.
  runRandom(protocol, Math.min(runs, 5_000), seed + 1);
  const report = runRandom(protocol, runs, seed);
  const { accepted, refused, faults, slowest, heapGrowth } = report;
  console.log(`${protocol}: ${runs} buffers in ${seconds(started)}, ${accepted} accepted, refused: ${counts(refused)}`);
  console.log(
    `  slowest ${slowest.ms.toFixed(2)} ms (${slowest.bytes.length / 2} bytes), heap ${(heapGrowth / 1e6).toFixed(1)} MB`,
  );
  for (const { fault, bytes } of faults) console.log(`  FAULT ${fault}\n    ${bytes}`);
  if (slowest.ms > SLOW) console.log(`  SLOW: over ${SLOW} ms\n    ${slowest.bytes}`);
  if (faults.length > 0 || slowest.ms > SLOW) process.exitCode = 1;
}

async function reportDifferential(protocol: ProtocolName, runs: number): Promise<void> {
  const started = performance.now();
  const { accepted, refused, known, unexplained } = await runDifferential(protocol, runs, seed);
  console.log(`${protocol}: ${runs} messages in ${seconds(started)} against Python`);
  console.log(`  both accept ${accepted}, both refuse ${refused}, known differences: ${counts(known)}`);
  for (const one of unexplained) console.log(`  UNEXPLAINED ${JSON.stringify(one)}`);
  if (unexplained.length > 0) process.exitCode = 1;
}

function counts(map: ReadonlyMap<string, number>): string {
  return (
    [...map]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  );
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
