import type { MetricAttributes } from '#lib/operations/metrics/metric-attributes.js';
import type { CounterName, HistogramName } from '#lib/operations/metrics/metric-table.js';
import type { Run } from '../simulation.js';
import type { Violation } from './violation.js';

/** Counts by names. A name that was never counted has 0. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(name: string, count = 1): this {
    this.counts.set(name, this.of(name) + count);
    return this;
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  get names(): readonly string[] {
    return [...this.counts.keys()];
  }
}

/** Adds up the values of a counter, or the number of values of a histogram, by a name of their attributes. */
export function counted(
  { metrics }: Run,
  metric: CounterName | HistogramName,
  nameOf: (attributes: MetricAttributes) => string,
): Tally {
  const tally = new Tally();
  for (const { attributes, times, sum } of metrics.of(metric)) {
    tally.add(nameOf(attributes), metric.endsWith('.duration') ? times : sum);
  }
  return tally;
}

/** Compares what the metrics counted with what happened for sure, and with what possibly happened beside. */
export function compare(
  { ms }: Run,
  rule: string,
  metrics: Tally,
  journal: Tally,
  possible: Tally = new Tally(),
): Violation[] {
  const names = new Set([...metrics.names, ...journal.names]);
  const isWrong = (name: string): boolean => {
    const more = metrics.of(name) - journal.of(name);
    return more < 0 || more > possible.of(name);
  };
  return [...names].filter(isWrong).map((name) => ({
    rule,
    text: `the metrics count ${metrics.of(name)} of "${name}", but the journal has ${journal.of(name)}`,
    at: ms,
    about: [],
  }));
}
