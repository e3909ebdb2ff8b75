/**
 * Every language to every language, in every protocol, one call a message and several: compares all calls field by field.
 *
 *     npm run interop [language …]
 *
 * Ends with code 1 when anything differs that deviations.ts does not know, or when something it knows is over. A language without its
 * tools is skipped, which is an error too where the environment variable CI is set.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { startSqsFake } from '../../fakes/sqs/sqs-fake.js';
import { loadCalls } from './calls.js';
import { cellsOf, LANGUAGES, type Cell, type Language } from './cells.js';
import { expectedOf, neverMet } from './deviation.js';
import { DEVIATIONS } from './deviations.js';
import { judge, type Expected } from './judge.js';
import { nestPeer } from './nest-peer.js';
import { planOf, type Plan } from './plan.js';
import { printDeviations, printFindings, printMatrix, type CellReport } from './print.js';
import { programPeer, notesFile, type Peer } from './program-peer.js';
import { buildPrograms } from './program.js';

const ALL = cellsOf(LANGUAGES).length;

const NOT_ASKED = 'not asked for';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(LANGUAGES as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`no language of the matrix: ${unknown.join(', ')}; there are ${LANGUAGES.join(', ')}`);
  process.exit(2);
}
const skipped = new Map<Language, string>();
for (const language of LANGUAGES) {
  const asked = wanted.length === 0 || wanted.includes(language);
  const missing = language === 'nest' ? undefined : asked ? buildPrograms(language) : NOT_ASKED;
  if (missing !== undefined) skipped.set(language, missing);
}

const languages = LANGUAGES.filter((language) => !skipped.has(language));
const cells = cellsOf(languages);
const calls = loadCalls();
const expected = new Map(cells.map((cell) => [cell, expectedOf(cell, calls, DEVIATIONS)]));

const started = performance.now();
// Not the embedded SQS: that one refuses characters above U+FFFF, which JSON has as they are.
const sqs = await startSqsFake();
// Nothing comes back before the end, however slow the machine is.
for (const { queue } of cells) sqs.createQueue(queue, { visibilityTimeoutSeconds: 3600 });

const peers = new Map(languages.map((language) => [language, peerOf(language)]));
const plans = new Map(languages.map((language) => [language, planFor(language)]));
const all = <T>(work: (peer: Peer, plan: Plan) => Promise<T>): Promise<T[]> =>
  Promise.all([...peers].map(([language, peer]) => work(peer, plans.get(language)!)));

const unsent = await all((peer, plan) => peer.produce(plan));
console.log(`sent in ${seconds()}`);
const noted = await all((peer, plan) => peer.consume(plan));
const received = [...unsent, ...noted].flat();
console.log(`received in ${seconds()}`);

const reports = cells.map((cell) => reportOf(cell, expected.get(cell)!));
await sqs.stop();

printMatrix(reports, skipped);
printDeviations(DEVIATIONS, reports);
printFindings(reports);
const over = skipped.size === 0 ? neverMet(expected, calls, DEVIATIONS) : [];
for (const { id } of over) console.log(`\nno call runs into ${id} any more: take it out of deviations.ts`);

const failed = reports.filter(({ findings }) => findings.length > 0).length;
const lacking = process.env['CI'] !== undefined && [...skipped.values()].some((why) => why !== NOT_ASKED);
console.log(
  `\ninterop: ${reports.length - failed} cells passed, ${failed} failed, ${ALL - reports.length} skipped, in ${seconds()}`,
);
if (lacking) console.log('a language that is skipped is an error where CI is set');
if (failed > 0 || over.length > 0 || lacking) process.exitCode = 1;

function peerOf(language: Language): Peer {
  return language === 'nest' ? nestPeer(calls, sqs) : programPeer(language, sqs);
}

function planFor(language: Language): Plan {
  const file = notesFile(language);
  mkdirSync(dirname(file), { recursive: true });
  return planOf(language, cells, calls, expected, file);
}

function reportOf(cell: Cell, wantedCalls: readonly Expected[]): CellReport {
  const arrived = received.filter(({ queue }) => queue === cell.queue);
  const left = sqs.messages(cell.queue).length;
  const stayed = left > 0 ? [`${left} messages are left in the queue`] : [];
  return { cell, expected: wantedCalls, findings: [...judge(cell, wantedCalls, arrived), ...stayed] };
}

function seconds(): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
