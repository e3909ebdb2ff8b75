import type { BatchObservableCallback, Meter } from '@opentelemetry/api';
import type { MetricAttributes } from '../metrics/metric-attributes.js';
import { type CounterName, metricsOf } from '../metrics/metric-table.js';
import { readGauge } from '../metrics/read-gauges.js';
import { recordMetrics } from '../metrics/record-metrics.js';

/**
 * Records metrics of all clients and workers of this process in a meter of OpenTelemetry. Call the
 * function once a meter, after the SDK has started. A meter that is obtained before the SDK starts
 * records nothing.
 *
 * @example
 * const unbind = bindMetrics(metrics.getMeter('nestjs-sqs-thrift'));
 * @returns ends the recording
 * @publicApi
 */
export function bindMetrics(meter: Meter): () => void {
  // The SDK copies and compares the attributes of each value of a counter. Sums are kept here instead.
  const sums = new Map<CounterName, Map<MetricAttributes, number>>(
    metricsOf('counter').map(([name]) => [name, new Map()]),
  );
  const counters = metricsOf('counter').map(
    ([name, { unit, description }]) => [name, meter.createObservableCounter(name, { unit, description })] as const,
  );
  const histograms = new Map(
    metricsOf('histogram').map(([name, { unit, description, buckets }]) => {
      const advice = { explicitBucketBoundaries: [...buckets] };
      return [name, meter.createHistogram(name, { unit, description, advice })];
    }),
  );
  const gauges = metricsOf('gauge').map(
    ([name, { unit, description }]) => [name, meter.createObservableGauge(name, { unit, description })] as const,
  );
  const observables = [...counters, ...gauges].map(([, observable]) => observable);
  const readAll: BatchObservableCallback = (result) => {
    for (const [name, counter] of counters) {
      for (const [attributes, sum] of sums.get(name)!) result.observe(counter, sum, attributes);
    }
    for (const [name, gauge] of gauges) {
      for (const { value, attributes } of readGauge(name)) result.observe(gauge, value, attributes);
    }
  };
  meter.addBatchObservableCallback(readAll, observables);
  const unsubscribe = recordMetrics({
    add: (metric, value, attributes) => {
      const ofMetric = sums.get(metric)!;
      ofMetric.set(attributes, (ofMetric.get(attributes) ?? 0) + value);
    },
    record: (metric, value, attributes) => histograms.get(metric)!.record(value, attributes),
  });
  return () => {
    unsubscribe();
    meter.removeBatchObservableCallback(readAll, observables);
  };
}
