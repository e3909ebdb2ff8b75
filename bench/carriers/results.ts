import { median } from '../measure.js';
import type { Costs } from './candidates.js';

/** Holds one run of one candidate. */
export interface Sample extends Costs {
  readonly name: string;
  readonly events: number;
}

/** Holds the medians of the samples of a candidate. */
export interface Result {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** CPU time in µs for each event. Null if the sender only prepares the run. */
  readonly senderCpu: number | null;
  readonly receiverCpu: number;
}

/** Compares a candidate with the one that it must come near to. */
export interface Acceptance {
  readonly demand: string;
  readonly measured: number;
  readonly wanted: string;
  readonly reached: boolean;
}

/** Pairs a candidate with its reference, and sets the least share of its speed. */
const DEMANDS = [
  { name: 'socket', reference: 'Nest TCP', share: 0.8 },
  { name: 'http', reference: 'raw POST loop', share: 0.7, orPerSecond: 10_000 },
  { name: 'starling client, starling', reference: 'raw set loop, starling', share: 0.7 },
  { name: 'starling server, starling', reference: 'raw get loop, starling', share: 0.7 },
  { name: 'starling client, siberite', reference: 'raw set loop, siberite', share: 0.7 },
  { name: 'starling server, siberite', reference: 'raw open and close loop, siberite', share: 0.7 },
] as const;

export function summarize(name: string, samples: readonly Sample[]): Result {
  const own = samples.filter((sample) => sample.name === name);
  const senders = own.flatMap(({ events, senderCpu }) => (senderCpu === undefined ? [] : [senderCpu / events]));
  return {
    name,
    eventsPerSecond: median(own.map(({ events, seconds }) => events / seconds)),
    senderCpu: senders.length > 0 ? median(senders) : null,
    receiverCpu: median(own.map(({ events, receiverCpu }) => receiverCpu / events)),
  };
}

/** Compares results, of which some candidates may be left out. */
export function judge(results: readonly Result[]): readonly Acceptance[] {
  const speeds = new Map(results.map(({ name, eventsPerSecond }) => [name, eventsPerSecond]));
  return DEMANDS.flatMap((demand): Acceptance[] => {
    const [own, other] = [speeds.get(demand.name), speeds.get(demand.reference)];
    if (own === undefined || other === undefined) return [];
    const measured = own / other;
    const least = 'orPerSecond' in demand ? demand.orPerSecond : Infinity;
    const wanted = Number.isFinite(least) ? `≥ ${demand.share}, or ${least} / s` : `≥ ${demand.share}`;
    const reached = measured >= demand.share || own >= least;
    return [{ demand: `${demand.name}: events / s of ${demand.reference}`, measured, wanted, reached }];
  });
}
