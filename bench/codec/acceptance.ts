import type { Result } from './run-candidates.js';

/**
 * Sets how many times as fast as another codec our codec must be, or the largest share of the other
 * time that it may take.
 */
interface Demand {
  readonly of: string;
  readonly than: string;
  readonly encode?: number;
  readonly decode?: number;
  /** Largest share of the other codec's time, for encoding and decoding together. */
  readonly atMost?: number;
}

/** Compares a demand with the results for one length of the list. */
export interface Acceptance {
  readonly demand: string;
  readonly entries: number;
  readonly ratio: number;
  readonly wanted: number;
  readonly reached: boolean;
}

const DEMANDS: readonly Demand[] = [
  { of: 'own binary', than: 'Apache binary', encode: 12, decode: 2.5 },
  { of: 'own binary', than: 'protobufjs', encode: 1.3, decode: 1 },
  { of: 'own binary', than: 'JSON', encode: 1.5, decode: 1.5 },
  { of: 'own compact', than: 'Apache compact', encode: 15, decode: 6 },
  { of: 'own binary in base64', than: 'own binary', atMost: 1.3 },
];

/** Compares all demands with the results. Leaves out demands about codecs that did not run. */
export function judge(results: readonly Result[], demands = DEMANDS): readonly Acceptance[] {
  const find = (name: string, entries: number): Result | undefined =>
    results.find((result) => result.name === name && result.entries === entries);
  const lengths = [...new Set(results.map(({ entries }) => entries))];
  return demands.flatMap((demand) =>
    lengths.flatMap((entries) => {
      const ours = find(demand.of, entries);
      const theirs = find(demand.than, entries);
      return ours && theirs ? judgeOne(demand, ours, theirs) : [];
    }),
  );
}

function judgeOne({ of, than, encode, decode, atMost }: Demand, ours: Result, theirs: Result): Acceptance[] {
  const acceptances: Acceptance[] = [];
  const add = (what: string, ratio: number, wanted: number, reached: boolean): void => {
    acceptances.push({ demand: `${of} ${what} ${than}`, entries: ours.entries, ratio, wanted, reached });
  };
  for (const [direction, wanted] of [['encode', encode] as const, ['decode', decode] as const]) {
    if (wanted === undefined) continue;
    const ratio = theirs[direction] / ours[direction];
    add(`${direction}: times as fast as`, ratio, wanted, ratio >= wanted);
  }
  if (atMost !== undefined) {
    const ratio = (ours.encode + ours.decode) / (theirs.encode + theirs.decode);
    add('round trip: share of the time of', ratio, atMost, ratio <= atMost);
  }
  return acceptances;
}
