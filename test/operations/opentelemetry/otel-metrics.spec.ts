import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { METRICS, type MetricDefinition } from '#lib/operations/metrics/metric-table.js';
import { prometheusLabel, prometheusName } from '#lib/operations/metrics/prometheus-name.js';
import { bindMetrics } from '#lib/operations/opentelemetry/otel-metrics.js';
import { registerPrometheusMetrics } from '#lib/prometheus.js';
import { EXAMPLES } from '../metrics/example-events.js';
import { publishEvents } from '../metrics/example-lines.js';
import { addClientState, addWorkerState, forgetStates } from '../metrics/live-states.js';
import { linesIn } from '../prometheus/scrape.js';

const table = METRICS as Readonly<Record<string, MetricDefinition>>;
let exporter: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let provider: MeterProvider;

beforeEach(() => {
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  provider = new MeterProvider({ readers: [reader] });
});

afterEach(async () => {
  forgetStates();
  await provider.shutdown();
});

async function exported(): Promise<readonly MetricData[]> {
  exporter.reset();
  await reader.forceFlush();
  return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}

/** Writes a line of Prometheus with its labels in order. */
function line(name: string, labels: Readonly<Record<string, unknown>>, value: number): string {
  const texts = Object.entries(labels).map(([label, text]) => `${prometheusLabel(label)}="${String(text)}"`);
  return `${name}{${texts.sort().join(',')}} ${value}`;
}

/** Returns the lines that an exporter makes of a metric by the rules for Prometheus. */
function linesOf(metric: MetricData): string[] {
  const { name: key, unit } = metric.descriptor;
  const name = prometheusName(key, { kind: table[key]!.kind, unit });
  if (metric.dataPointType !== DataPointType.HISTOGRAM) {
    return metric.dataPoints.map(({ attributes, value }) => line(name, attributes, value as number));
  }
  return metric.dataPoints.flatMap(({ attributes, value: { buckets, sum, count } }) => {
    let below = 0;
    const bounds = [...buckets.boundaries, '+Inf'];
    return [
      ...bounds.map((le, at) => line(`${name}_bucket`, { ...attributes, le }, (below += buckets.counts[at]!))),
      line(`${name}_sum`, attributes, sum!),
      line(`${name}_count`, attributes, count),
    ];
  });
}

/** Brings the labels of a line of prom-client into order. */
function ordered(text: string): string {
  const [, name, labels, value] = /^(\w+)\{(.*)\} (.+)$/.exec(text)!;
  return `${name}{${labels!.split(',').sort().join(',')}} ${value}`;
}

describe('bindMetrics', () => {
  it('records what prom-client records for the same events, under the same names and with the same buckets', async () => {
    const register = new Registry();
    const handle = registerPrometheusMetrics({ register });
    const unbind = bindMetrics(provider.getMeter('test'));
    addWorkerState();
    addWorkerState({ status: 'down', slotsTaken: 1 });
    addClientState({});
    publishEvents(...EXAMPLES.map(({ event }) => event));
    const lines = (await exported()).flatMap(linesOf);
    const expected = linesIn(await register.metrics()).map(ordered);
    expect(expected.length).toBeGreaterThan(150);
    expect(lines.sort()).toEqual(expected.sort());
    unbind();
    handle.stop();
  });

  it('creates each metric of the table with its unit and description', async () => {
    const unbind = bindMetrics(provider.getMeter('test'));
    addWorkerState();
    addClientState({});
    publishEvents(...EXAMPLES.map(({ event }) => event));
    publishEvents({ type: 'delivered', queue: 'jobs', messageId: 'm1', receiveCount: 1, sentAt: 1 });
    const descriptors = (await exported()).map(({ descriptor: { name, unit, description } }) => ({
      name,
      unit,
      description,
    }));
    const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
    const expected = Object.entries(table).map(([name, { unit, description }]) => ({ name, unit, description }));
    expect(descriptors.sort(byName)).toEqual(expected.sort(byName));
    unbind();
  });

  it('records nothing after it is unbound', async () => {
    const unbind = bindMetrics(provider.getMeter('test'));
    unbind();
    addWorkerState();
    publishEvents(...EXAMPLES.map(({ event }) => event));
    expect((await exported()).filter(({ dataPoints }) => dataPoints.length > 0)).toEqual([]);
  });
});
