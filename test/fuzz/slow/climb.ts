import { seeded, type Random } from '../random.js';

/** A space of candidates in which the costliest is searched. */
export interface Problem<Candidate> {
  create(random: Random): Candidate;
  mutate(random: Random, candidate: Candidate): Candidate;
  /** Returns the cost. Undefined for a candidate that cannot be built. Costs below `floor` need not be exact. */
  cost(candidate: Candidate, floor: number): number | undefined;
}

/** The seed that created a candidate, and those of the mutations that followed. */
export type Lineage = readonly number[];

export interface Found<Candidate> {
  readonly lineage: Lineage;
  readonly candidate: Candidate;
  readonly cost: number;
}

export interface ClimbOptions {
  readonly seed: number;
  /** True once the search must end. Asked before each step, with the number of steps so far. */
  readonly isOver: (steps: number) => boolean;
  /** Candidates that are kept at a time. Default 8. */
  readonly population?: number;
  /** Steps without a new worst after which the search starts anew. Default 150. */
  readonly patience?: number;
}

/**
 * Climbs to the costliest candidates: mutates a member of the population, and keeps what costs more
 * than the cheapest member. Starts anew when nothing has become worse for a while. Returns the worst of
 * each start, the worst first.
 */
export function climb<Candidate>(problem: Problem<Candidate>, options: ClimbOptions): readonly Found<Candidate>[] {
  const { seed, isOver, population = 8, patience = 150 } = options;
  const random = seeded(seed);
  const worst: Found<Candidate>[] = [];
  let steps = 0;
  while (!isOver(steps)) {
    const members: Found<Candidate>[] = [];
    for (let quiet = 0; quiet < patience && !isOver(steps); steps++)
      quiet = step(problem, members, random, population) ? 0 : quiet + 1;
    if (members[0] !== undefined) worst.push(members[0]);
  }
  return worst.sort((a, b) => b.cost - a.cost);
}

/** Tries one more candidate. Returns true if it costs more than all before. */
function step<Candidate>(
  problem: Problem<Candidate>,
  members: Found<Candidate>[],
  random: Random,
  population: number,
): boolean {
  const isFull = members.length === population;
  const parent = isFull && !random.oneIn(NEWCOMER) ? earlier(members, random) : undefined;
  const child = next(problem, parent, random.bits(), isFull ? members.at(-1)!.cost : 0);
  if (child === undefined) return false;
  const isWorst = child.cost > (members[0]?.cost ?? 0);
  keep(members, child, population);
  return isWorst;
}

/** A step in so many creates a candidate in place of a mutation. */
const NEWCOMER = 16;

/** Picks a member, one that costs more with a higher probability. */
function earlier<Candidate>(members: readonly Found<Candidate>[], random: Random): Found<Candidate> {
  return members[Math.min(random.below(members.length), random.below(members.length))]!;
}

function next<Candidate>(
  problem: Problem<Candidate>,
  parent: Found<Candidate> | undefined,
  seed: number,
  floor: number,
): Found<Candidate> | undefined {
  const lineage = [...(parent?.lineage ?? []), seed];
  const candidate = grown(problem, parent?.candidate, seed);
  const cost = problem.cost(candidate, floor);
  return cost === undefined ? undefined : { lineage, candidate, cost };
}

function grown<Candidate>(problem: Problem<Candidate>, parent: Candidate | undefined, seed: number): Candidate {
  return parent === undefined ? problem.create(seeded(seed)) : problem.mutate(seeded(seed), parent);
}

function keep<Candidate>(members: Found<Candidate>[], child: Found<Candidate>, population: number): void {
  members.push(child);
  members.sort((a, b) => b.cost - a.cost);
  members.length = Math.min(members.length, population);
}

/** Makes a candidate again from its lineage. No cost has a part in it, so the result is the same everywhere. */
export function replay<Candidate>(problem: Problem<Candidate>, [first = 0, ...mutations]: Lineage): Candidate {
  let candidate = problem.create(seeded(first));
  for (const seed of mutations) candidate = problem.mutate(seeded(seed), candidate);
  return candidate;
}
