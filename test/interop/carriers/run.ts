/**
 * Clients and servers of the official runtimes against this library over sockets, TLS and HTTP, in every protocol: compares all calls field by
 * field, and checks that nothing is answered.
 *
 *     node build/test/interop/carriers/run.js [language …]
 *
 * Ends with code 1 when anything differs that deviations.ts does not know. A language without its tools is skipped, which is an error too
 * where the environment variable CI is set.
 */
import { loadCalls } from '../matrix/calls.js';
import { expectedOf } from '../matrix/deviation.js';
import { judge, type Expected, type Received } from '../matrix/judge.js';
import { printDeviations, printFindings, type CellReport } from '../matrix/print.js';
import { buildPrograms, type ProgramLanguage } from '../matrix/program.js';
import { Arrivals } from './arrivals.js';
import { carrierCells, CLIENTS, isHttp, type CarrierCell } from './cells.js';
import { CARRIER_DEVIATIONS } from './deviations.js';
import { emitAll, startNestServer, type NestServer } from './nest-ends.js';
import { OnePort } from './one-port.js';
import { connectionsOf, type CarrierPlan } from './plan.js';
import { printCarriers } from './print.js';
import { startProgram, type CarrierProgram } from './program.js';
import { judgeBytes, RECORDED_CALLS, startRecorder, type Recorder } from './sent-bytes.js';
import { makeTlsFiles } from './tls-files.js';

/** What a client says of a call that a server of HTTP cannot read. Java's has status 500 for it. */
const REFUSED = /^not sent: .*\b(400|Http500)\b/;

const LANGUAGES = Object.keys(CLIENTS) as ProgramLanguage[];

const wanted = process.argv.slice(2);
const asked = LANGUAGES.filter((language) => wanted.length === 0 || wanted.includes(language));
const skipped = new Map<ProgramLanguage, string>();
for (const language of asked) {
  const missing = buildPrograms(language);
  if (missing !== undefined) skipped.set(language, missing);
}
const languages = asked.filter((language) => !skipped.has(language));

const started = performance.now();
const calls = loadCalls();
const cells = carrierCells(languages);
const expected = new Map(cells.map((cell) => [cell, expectedOf(cell, calls, CARRIER_DEVIATIONS)]));
const onePort = new OnePort(
  cells.filter((cell) => cell.consumer === 'nest' && !isHttp(cell) && cell.transport !== 'tls'),
);
const arrivals = new Arrivals(
  new Map([
    ...[...expected].map(([cell, list]) => [cell.queue, linesOf(cell, list)] as const),
    [OnePort.NAME, onePort.count],
  ]),
);
const tls = makeTlsFiles(languages.includes('java'));

const servers = new Map<string, NestServer>();
for (const cell of cells.filter(({ consumer }) => consumer === 'nest')) {
  servers.set(cell.queue, await startNestServer(cell, tls, arrivals.add));
}
const shared = await startNestServer(onePort.cell, tls, arrivals.add);
const recorders = new Map<ProgramLanguage, Recorder>();
for (const language of languages) recorders.set(language, await startRecorder());

const programs = new Map<ProgramLanguage, CarrierProgram>();
await Promise.all(
  languages.map(async (language) => {
    programs.set(language, await startProgram(language, planFor(language), arrivals.add));
  }),
);
const emitting = [...expected].filter(([{ producer }]) => producer === 'nest');
await Promise.all(
  emitting.map(([cell, list]) => {
    const port = programs.get(cell.consumer as ProgramLanguage)!.ports[cell.queue]!;
    return emitAll({ cell, port, tls, calls, connections: connectionsOf(list, calls) }, arrivals.add);
  }),
);
await arrivals.complete();
await Promise.all([...programs.values()].map((program) => program.end()));
const recorded = await Promise.all(
  [...recorders].map(async ([language, { bytes }]) =>
    judgeBytes(language, await bytes).map((one) => `${language} ${one}`),
  ),
);
for (const recorder of recorders.values()) recorder.close();
await Promise.all([...servers.values(), shared].map((server) => server.close()));

const reports = [...expected].map(([cell, list]) => reportOf(cell, list));
const others = [...recorded.flat(), ...onePort.judge(arrivals.of(OnePort.NAME))];
printCarriers(reports, skipped);
printDeviations(CARRIER_DEVIATIONS, reports);
printFindings(reports);
for (const finding of others) console.log(`\n${finding}`);
const failed = reports.filter(({ findings }) => findings.length > 0).length;
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`\ncarriers: ${reports.length - failed} cells passed, ${failed} failed, in ${seconds} s`);
const isLacking = process.env['CI'] !== undefined && skipped.size > 0;
if (isLacking) console.log('a language that is skipped is an error where CI is set');
if (failed > 0 || others.length > 0 || isLacking) process.exitCode = 1;

function planFor(language: ProgramLanguage): CarrierPlan {
  const own = [...expected].filter(([{ producer }]) => producer === language);
  const clients = own.map(([cell, list]) => ({
    ...about(cell),
    port: servers.get(cell.queue)!.port,
    connections: connectionsOf(list, calls),
  }));
  const nothing = calls.findIndex(({ method }) => method === 'testVoid');
  const recorder = {
    queue: `${language}-recorded`,
    transport: 'framed',
    protocol: 'binary' as const,
    port: recorders.get(language)!.port,
    connections: [Array.from({ length: RECORDED_CALLS }, () => nothing)],
  };
  const all = calls.map(({ method, tagged }) => ({ method, args: tagged }));
  const together = onePort.plan(language, shared.port, all.length);
  return {
    calls: [...all, ...together.calls],
    clients: [...clients, ...together.clients, recorder],
    servers: cells.filter(({ consumer }) => consumer === language).map(about),
    tls,
  };
}

function about({ queue, transport, protocol }: CarrierCell): Pick<CarrierCell, 'queue' | 'transport' | 'protocol'> {
  return { queue, transport, protocol };
}

/** How many lines come of a cell. Over HTTP the client also hears of each call that cannot be read. */
function linesOf(cell: CarrierCell, list: readonly Expected[]): number {
  return list.length + (isHttp(cell) ? failing(list) : 0);
}

function failing(list: readonly Expected[]): number {
  return list.filter(({ error }) => error !== undefined).length;
}

function reportOf(cell: CarrierCell, list: readonly Expected[]): CellReport {
  const all: readonly Received[] = arrivals.of(cell.queue);
  if (!isHttp(cell)) return { cell, expected: list, findings: judge(cell, list, all) };
  const isRefusal = ({ error }: Received): boolean => error !== undefined && REFUSED.test(error);
  const refused = all.filter(isRefusal).length;
  const wrong = refused === failing(list) ? [] : [`${refused} calls were refused, and not ${failing(list)}`];
  return {
    cell,
    expected: list,
    findings: [
      ...judge(
        cell,
        list,
        all.filter((one) => !isRefusal(one)),
      ),
      ...wrong,
    ],
  };
}
