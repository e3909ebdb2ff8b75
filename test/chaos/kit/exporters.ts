import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { Registry } from 'prom-client';
import { prometheusLabel } from '#lib/operations/metrics/prometheus-name.js';
import { bindMetrics } from '#lib/operations/opentelemetry/otel-metrics.js';
import { type PrometheusMetrics, registerPrometheusMetrics } from '#lib/prometheus.js';

/** Counts what a run did. Settlements that the queue did not carry out count by their intended outcome. */
export interface Counts {
  /** Emits that resolved, and that rejected. */
  readonly stored: number;
  readonly notStored: number;
  /** Handler runs by outcome. */
  readonly succeeded: number;
  readonly failed: number;
  readonly rejectedByHandler: number;
  /** Deliveries by outcome. */
  readonly acknowledged: number;
  readonly retried: number;
  /**
   * Rejections by a run of a handler. If the copy fails, a later delivery follows the decision of the
   * handler without running it. After the last retry the handler runs again.
   */
  readonly rejected: number;
  /** Messages in the dead-letter queue. */
  readonly deadLettered: number;
  readonly abandoned: number;
}

/** Selects the queue of the calls, whose messages a handler rejects. */
const CALLS = { messaging_destination_name: 'texts' };

/** A value with its labels, spelled as in Prometheus. */
interface Point {
  readonly metric: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** Records the metrics of this process with `prom-client` and with OpenTelemetry at the same time. */
export class Exporters {
  private readonly register = new Registry();
  private readonly exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  private readonly reader = new PeriodicExportingMetricReader({
    exporter: this.exporter,
    exportIntervalMillis: 3_600_000,
  });
  private readonly provider = new MeterProvider({ readers: [this.reader] });
  private readonly handle: PrometheusMetrics = registerPrometheusMetrics({ register: this.register });
  private readonly unbind = bindMetrics(this.provider.getMeter('chaos'));

  async prometheus(): Promise<Counts> {
    const metrics = await this.register.getMetricsAsJSON();
    const points = metrics.flatMap(({ name, values }) =>
      values.map(({ labels, value, ...more }) => {
        const { metricName = name } = more as { readonly metricName?: string };
        return { metric: metricName.replace(/_seconds_count$|_total$/, ''), labels, value };
      }),
    );
    return countsOf(points);
  }

  async openTelemetry(): Promise<Counts> {
    await this.reader.forceFlush();
    const metrics = this.exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
    const points = metrics.flatMap((metric) => {
      const name = prometheusLabel(metric.descriptor.name);
      if (metric.dataPointType === DataPointType.HISTOGRAM) {
        return metric.dataPoints.map(({ attributes, value }) => pointOf(name, attributes, value.count));
      }
      return metric.dataPoints.map(({ attributes, value }) => pointOf(name, attributes, value as number));
    });
    return countsOf(points);
  }

  async stop(): Promise<void> {
    this.handle.stop();
    this.unbind();
    await this.provider.shutdown();
  }
}

function pointOf(metric: string, attributes: Readonly<Record<string, unknown>>, value: number): Point {
  const labels = Object.entries(attributes).map(([name, text]) => [prometheusLabel(name), text]);
  return { metric, labels: Object.fromEntries(labels) as Point['labels'], value };
}

function countsOf(points: readonly Point[]): Counts {
  const sum = (metric: string, wanted: Readonly<Record<string, string | undefined>>): number =>
    points
      .filter((point) => point.metric === metric)
      .filter(({ labels }) => Object.entries(wanted).every(([name, value]) => labels[name] === value))
      .reduce((total, { value }) => total + value, 0);
  const emitted = (result: string): number => sum('nestjs_sqs_thrift_emitted_calls', { result });
  const handled = (more: Readonly<Record<string, string | undefined>>): number =>
    sum('messaging_process_duration', more);
  const succeeded = handled({ error_type: undefined });
  const rejectedByHandler = handled({ error_type: 'reject-event' });
  const settled = (outcome: string, more: Readonly<Record<string, string>> = {}): number =>
    sum('nestjs_sqs_thrift_settled_messages', { outcome, ...more });
  // A copy that the dead-letter queue did not store is reported beside the end of its delivery.
  // ElasticMQ refuses to remove a message twice, so after a lost answer only the refusal counts.
  const unsettled = (outcome: string, verb: string, more: Readonly<Record<string, string>> = {}): number =>
    sum('nestjs_sqs_thrift_failed_settlements', { outcome, verb, ...more });
  return {
    stored: emitted('stored'),
    notStored: emitted('failed'),
    succeeded,
    failed: handled({}) - succeeded - rejectedByHandler,
    rejectedByHandler,
    acknowledged: settled('ack') + unsettled('ack', 'acknowledge'),
    retried: settled('retry') + unsettled('retry', 'release'),
    rejected:
      settled('reject', { reason: 'too-many-receives' }) +
      settled('reject', { reason: 'handler-rejected', fate: 'dead-lettered' }) +
      unsettled('reject', 'discard', CALLS),
    deadLettered: settled('reject', { fate: 'dead-lettered' }) + unsettled('reject', 'discard'),
    abandoned: settled('abandon'),
  };
}
