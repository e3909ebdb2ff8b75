import type { ProtocolName } from '#lib/thrift/protocol.js';
import { climb, type Lineage, type Problem, replay } from './climb.js';
import { costlyBody, type CostlyCase } from './costly-case.js';
import { allocatedBy, cpuOf, heapOf, type HeapUse, logOf, type LogUse, type Read, reading } from './measure.js';
import { mutatedCase } from './mutate-case.js';
import { randomCase } from './random-case.js';

/** Figures that a search drives up. */
export const OBJECTIVES = ['cpu', 'heap', 'log'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/**
 * Bounds the cost of a body of at most 128 KiB. A smaller body may cost as much: `limits.elements`
 * holds for each body, whatever its size.
 */
const BOUNDS = {
  /** 0.4 ms for each of 128 KiB. */
  cpuMs: 50,
  /** About 200 bytes for each of 128 KiB. */
  retainedBytes: 26_000_000,
  peakBytes: 30_000_000,
  lines: 2,
  characters: 8_000,
} as const;

/** Measurements that must all break a bound of time. Another process slows down some of them. */
const CONFIRMATIONS = 4;
const DECODES_OF_CONFIRMATION = 9;

/** A case that was measured in every way. */
export interface MeasuredCase {
  readonly protocol: ProtocolName;
  readonly lineage: Lineage;
  readonly one: CostlyCase;
  readonly bytes: number;
  readonly cpuMs: number;
  readonly heap: HeapUse;
  readonly log: LogUse;
  /** Names the bounds that are broken. */
  readonly broken: readonly string[];
}

export interface SearchOptions {
  readonly protocol: ProtocolName;
  readonly objective: Objective;
  readonly seed: number;
  readonly isOver: (steps: number) => boolean;
}

export interface SearchReport {
  readonly steps: number;
  readonly worst: readonly MeasuredCase[];
  /** Errors that a read must not throw, such as an overflow of the stack. */
  readonly faults: readonly unknown[];
}

/** Cases of a search that are measured again. */
const REPORTED = 5;

/** Searches for the bodies of a protocol that cost the most by one objective. */
export function searchWorst({ protocol, objective, seed, isOver }: SearchOptions): SearchReport {
  let steps = 0;
  const faults: unknown[] = [];
  const problem = problemOf(protocol, objective, (error) => faults.push(error));
  const found = climb(problem, { seed, isOver: (now) => isOver((steps = now)) });
  const worst = found.slice(0, REPORTED).map(({ lineage }) => measureLineage(protocol, lineage));
  return { steps, faults, worst: worst.filter((one) => one !== undefined) };
}

function problemOf(protocol: ProtocolName, objective: Objective, fault: (error: unknown) => void): Problem<CostlyCase> {
  return {
    ...casesOf(protocol),
    cost(one, floor) {
      const body = costlyBody(one);
      if (body === undefined) return undefined;
      try {
        return COSTS[objective](reading(body), floor);
      } catch (error) {
        fault(error);
        return undefined;
      }
    },
  };
}

function casesOf(protocol: ProtocolName): Pick<Problem<CostlyCase>, 'create' | 'mutate'> {
  return { create: (random) => randomCase(random, protocol), mutate: mutatedCase };
}

/** A line weighs as much as so many characters. */
const CHARACTERS_OF_A_LINE = 200;

const COSTS: Readonly<Record<Objective, (read: Read, floor: number) => number>> = {
  cpu: (read, floor) => cpuOf(read, floor * 0.7),
  // Collections of garbage take longer than all else, and what a read retains is a part of what it allocates.
  heap: (read) => Math.max(allocatedBy(read), allocatedBy(read)),
  log(read) {
    const { lines, characters } = logOf(read);
    return lines * CHARACTERS_OF_A_LINE + characters;
  },
};

/** Makes a case again and measures it. Undefined for a lineage that gives no body. */
export function measureLineage(protocol: ProtocolName, lineage: Lineage): MeasuredCase | undefined {
  const one = replay({ ...casesOf(protocol), cost: () => undefined }, lineage);
  const body = costlyBody(one);
  if (body === undefined) return undefined;
  const measured = measureRead(reading(body));
  return { protocol, lineage, one, bytes: body.bytes, ...measured };
}

/** Measures a read, and again while it seems to break a bound of time. */
function measureRead(read: Read): Pick<MeasuredCase, 'cpuMs' | 'heap' | 'log' | 'broken'> {
  let cpuMs = cpuOf(read, 0, DECODES_OF_CONFIRMATION);
  for (let i = 1; i < CONFIRMATIONS && cpuMs > BOUNDS.cpuMs; i++)
    cpuMs = Math.min(cpuMs, cpuOf(read, 0, DECODES_OF_CONFIRMATION));
  const heap = heapOf(read);
  const log = logOf(read);
  return { cpuMs, heap, log, broken: brokenBounds(cpuMs, heap, log) };
}

/** Names the bounds that a read breaks. */
export function brokenBounds(cpuMs: number, heap: HeapUse, log: LogUse): string[] {
  const over: readonly (readonly [string, number, number])[] = [
    ['CPU ms', cpuMs, BOUNDS.cpuMs],
    ['bytes retained', heap.retained, BOUNDS.retainedBytes],
    ['bytes at the peak', heap.peak, BOUNDS.peakBytes],
    ['lines logged', log.lines, BOUNDS.lines],
    ['characters logged', log.characters, BOUNDS.characters],
  ];
  return over.filter(([, value, most]) => value > most).map(([name, , most]) => `more than ${most} ${name}`);
}
