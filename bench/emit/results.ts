import { median } from '../measure.js';
import type { SinkCounts } from './sink.js';

/** Holds one run of one candidate. */
export interface Sample extends SinkCounts {
  readonly name: string;
  readonly delayMs: number;
  readonly events: number;
  readonly seconds: number;
  /** CPU time of the emitting process. */
  readonly cpuMicroseconds: number;
}

/** Holds the cost of a candidate: medians over its samples. */
export interface Result {
  readonly name: string;
  /** Delay in ms after which the sink answered. */
  readonly delayMs: number;
  readonly requestsPerMillion: number;
  readonly billedPerMillion: number;
  /** CPU time per event. */
  readonly cpuMicroseconds: number;
  readonly eventsPerSecond: number;
}

/** Compares a demand with the results. */
export interface Acceptance {
  readonly demand: string;
  readonly measured: number;
  readonly wanted: string;
  readonly reached: boolean;
}

export function summarize(name: string, delayMs: number, samples: readonly Sample[]): Result {
  const own = samples.filter((sample) => sample.name === name && sample.delayMs === delayMs);
  const of = (value: (sample: Sample) => number): number => median(own.map(value));
  return {
    name,
    delayMs,
    requestsPerMillion: of(({ requests, events }) => (requests / events) * 1e6),
    billedPerMillion: of(({ billedUnits, events }) => (billedUnits / events) * 1e6),
    cpuMicroseconds: of(({ cpuMicroseconds, events }) => cpuMicroseconds / events),
    eventsPerSecond: of(({ seconds, events }) => events / seconds),
  };
}

/** Compares the demands on emitting with results that have all candidates. */
export function judge(results: readonly Result[]): readonly Acceptance[] {
  const find = (name: string, delayMs = 0): Result =>
    results.find((result) => result.name === name && result.delayMs === delayMs)!;
  const atMost = (demand: string, measured: number, limit: number): Acceptance => ({
    demand,
    measured,
    wanted: `≤ ${limit}`,
    reached: measured <= limit,
  });
  const timesAsFast = (name: string, delayMs: number): Acceptance => {
    const measured = find(name, delayMs).eventsPerSecond / find('batched', delayMs).eventsPerSecond;
    const when = delayMs === 0 ? 'answers at once' : `answers after ${delayMs} ms`;
    return { demand: `${name}: events / s of batched, ${when}`, measured, wanted: '≥ 20', reached: measured >= 20 };
  };
  const delays = [...new Set(results.map(({ delayMs }) => delayMs))];
  const large = 'packed, 64 KiB';
  return [
    atMost('batched: requests / 1 M', find('batched').requestsPerMillion, 100_000),
    atMost('packed: requests / 1 M', find('packed').requestsPerMillion, 4_000),
    atMost(`${large}: requests / 1 M`, find(large).requestsPerMillion, 500),
    atMost(`${large}: billed / 1 M`, find(large).billedPerMillion, 5_000),
    atMost(
      'batched: CPU of the raw SDK loop',
      find('batched').cpuMicroseconds / find('raw SDK loop').cpuMicroseconds,
      1.15,
    ),
    ...delays.flatMap((delayMs) => [timesAsFast('packed', delayMs), timesAsFast(large, delayMs)]),
  ];
}
