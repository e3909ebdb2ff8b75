/**
 * The subpath `nestjs-sqs-thrift/prometheus`: metrics of all clients and workers for `prom-client`.
 * Does not load Nest.
 *
 * @packageDocumentation
 */
export type { HistogramName } from './operations/metrics/metric-table.js';
export {
  type PrometheusMetrics,
  type PrometheusMetricsOptions,
  registerPrometheusMetrics,
} from './operations/prometheus/register-prometheus-metrics.js';
