import type { MetricAttributes } from '#lib/operations/metrics/metric-attributes.js';
import type { CounterName, HistogramName } from '#lib/operations/metrics/metric-table.js';
import type { MetricSink } from '#lib/operations/metrics/record-metrics.js';

/** The values of one metric with equal attributes. */
interface Counted {
  readonly attributes: MetricAttributes;
  /** Number of values. */
  times: number;
  sum: number;
}

/** Adds up the values of counters and histograms, as an exporter does. */
export class CountedMetrics implements MetricSink {
  private readonly values = new Map<string, Map<MetricAttributes, Counted>>();

  add(metric: CounterName, value: number, attributes: MetricAttributes): void {
    this.note(metric, value, attributes);
  }

  record(metric: HistogramName, value: number, attributes: MetricAttributes): void {
    this.note(metric, value, attributes);
  }

  /** Lists the sums of a metric. */
  of(metric: CounterName | HistogramName): readonly Counted[] {
    return [...(this.values.get(metric)?.values() ?? [])];
  }

  private note(metric: string, value: number, attributes: MetricAttributes): void {
    const sums = this.values.get(metric) ?? new Map<MetricAttributes, Counted>();
    this.values.set(metric, sums);
    const counted = sums.get(attributes);
    if (counted === undefined) return void sums.set(attributes, { attributes, times: 1, sum: value });
    counted.times += 1;
    counted.sum += value;
  }
}
