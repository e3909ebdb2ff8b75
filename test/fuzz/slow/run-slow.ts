import { writeFileSync } from 'node:fs';
import { PROTOCOLS } from '../../vectors/protocols.js';
import type { ProtocolName } from '#lib/thrift/protocol.js';
import { costlyBody } from './costly-case.js';
import { measureLineage, type MeasuredCase, OBJECTIVES, type Objective, searchWorst } from './search.js';

/** Options of the search, as the command line gives them. */
export interface SlowOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly protocols: readonly ProtocolName[];
  readonly objectives: readonly Objective[];
}

/** Prints the costliest bodies of each protocol and objective. Returns false if one breaks a bound. */
export function runSlow({ minutes, seed, protocols, objectives }: SlowOptions): boolean {
  const slice = (minutes * 60_000) / (protocols.length * objectives.length);
  let isGood = true;
  console.log(HEAD);
  for (const protocol of protocols) {
    for (const objective of objectives) {
      const end = performance.now() + slice;
      const isOver = (): boolean => performance.now() > end;
      const { steps, worst, faults } = searchWorst({ protocol, objective, seed, isOver });
      console.log(`${protocol}, most ${objective}: ${steps} bodies`);
      for (const one of worst) console.log(lineOf(one));
      for (const error of faults.slice(0, 5)) console.log(`  FAULT ${String(error)}`);
      isGood &&= faults.length === 0 && worst.every(({ broken }) => broken.length === 0);
    }
  }
  return isGood;
}

const HEAD = '     bytes    ms  ms/KiB  retained MB  peak MB  lines  characters  replay with';

function lineOf(one: MeasuredCase): string {
  const { protocol, lineage, bytes, cpuMs, heap, log, broken } = one;
  const cells = [
    String(bytes).padStart(10),
    cpuMs.toFixed(1).padStart(5),
    ((cpuMs * 1024) / bytes).toFixed(2).padStart(7),
    (heap.retained / 1e6).toFixed(1).padStart(12),
    (heap.peak / 1e6).toFixed(1).padStart(8),
    String(log.lines).padStart(6),
    String(log.characters).padStart(11),
    ` --replay ${protocol}:${lineage.join('.')}`,
  ];
  return cells.join(' ') + broken.map((bound) => `\n    BROKEN ${bound}`).join('');
}

/**
 * Measures one case again and prints it with its IDL.
 *
 * @param name `protocol:seed.seed…`, as the table has it
 * @param file writes the case there, as a fixture
 */
export function replaySlow(name: string, file?: string): boolean {
  const [protocol, seeds = ''] = name.split(':');
  if (!PROTOCOLS.includes(protocol as ProtocolName)) throw new TypeError(`no protocol in ${name}`);
  const measured = measureLineage(protocol as ProtocolName, seeds.split('.').map(Number));
  if (measured === undefined) throw new TypeError(`${name} gives no body`);
  const { schema, ...options } = measured.one;
  console.log(costlyBody(measured.one)!.idl.replace(/.{400,}/g, (line) => `${line.slice(0, 400)}…`));
  console.log(JSON.stringify(options));
  console.log(`${HEAD}\n${lineOf(measured)}`);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ ...options, schema })}\n`);
  return measured.broken.length === 0;
}

/** Returns the objectives of an option. All without it. */
export function objectivesOf(name: string | undefined): readonly Objective[] {
  return OBJECTIVES.filter((objective) => name === undefined || name === objective);
}
