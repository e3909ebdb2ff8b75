import { median } from '../measure.js';
import type { SinkCounts } from './sink.js';

/** One run of one candidate. */
export interface Sample extends SinkCounts {
  readonly name: string;
  readonly events: number;
  readonly seconds: number;
  /** Of the emitting process. */
  readonly cpuMicroseconds: number;
}

/** What a candidate costs: medians over its samples. */
export interface Result {
  readonly name: string;
  readonly requestsPerMillion: number;
  readonly billedPerMillion: number;
  /** For each event. */
  readonly cpuMicroseconds: number;
  readonly eventsPerSecond: number;
}

/** A demand held against the results. */
export interface Verdict {
  readonly demand: string;
  readonly measured: number;
  readonly wanted: string;
  readonly reached: boolean;
}

export function summarize(names: readonly string[], samples: readonly Sample[]): readonly Result[] {
  return names.map((name) => {
    const own = samples.filter((sample) => sample.name === name);
    const of = (value: (sample: Sample) => number): number => median(own.map(value));
    return {
      name,
      requestsPerMillion: of(({ requests, events }) => (requests / events) * 1e6),
      billedPerMillion: of(({ billedUnits, events }) => (billedUnits / events) * 1e6),
      cpuMicroseconds: of(({ cpuMicroseconds, events }) => cpuMicroseconds / events),
      eventsPerSecond: of(({ seconds, events }) => events / seconds),
    };
  });
}

/** The demands on emitting, held against results that have all candidates. */
export function judge(results: readonly Result[]): readonly Verdict[] {
  const [raw, batched, packed, packed64] = results as [Result, Result, Result, Result];
  const atMost = (demand: string, measured: number, limit: number): Verdict => ({
    demand,
    measured,
    wanted: `≤ ${limit}`,
    reached: measured <= limit,
  });
  const speedUp = packed.eventsPerSecond / batched.eventsPerSecond;
  return [
    atMost('batched: requests / 1 M', batched.requestsPerMillion, 100_000),
    atMost('packed: requests / 1 M', packed.requestsPerMillion, 4_000),
    atMost('packed, 64 KiB: requests / 1 M', packed64.requestsPerMillion, 500),
    atMost('packed, 64 KiB: billed / 1 M', packed64.billedPerMillion, 5_000),
    atMost('batched: CPU of the raw SDK loop', batched.cpuMicroseconds / raw.cpuMicroseconds, 1.15),
    { demand: 'packed: events / s of batched', measured: speedUp, wanted: '≥ 20', reached: speedUp >= 20 },
  ];
}
