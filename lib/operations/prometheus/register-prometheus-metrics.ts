import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  register as defaultRegistry,
  type Registry,
} from 'prom-client';
import { checkOptionNames, describeOption, type OptionNames } from '../../common/option-names.js';
import { type HistogramName, METRICS, type MetricDefinition, metricsOf } from '../metrics/metric-table.js';
import { prometheusLabel, prometheusName } from '../metrics/prometheus-name.js';
import { readGauge } from '../metrics/read-gauges.js';
import type { MetricAttributes } from '../metrics/metric-attributes.js';
import { recordMetrics } from '../metrics/record-metrics.js';

/**
 * Configures {@link registerPrometheusMetrics}.
 *
 * @publicApi
 */
export interface PrometheusMetricsOptions {
  /** Registry that gets the metrics. Default: the default registry of `prom-client`. */
  readonly register?: Registry | Registry<OpenMetricsContentType> | undefined;
  /**
   * Text before each name, such as `shop_`. The dashboard and the alerts of this package expect none.
   * Default: no prefix.
   */
  readonly prefix?: string | undefined;
  /** Bounds of the buckets of histograms in seconds, ascending. Default: see `docs/metrics.md`. */
  readonly buckets?: Readonly<Partial<Record<HistogramName, readonly number[]>>> | undefined;
}

/**
 * Ends what {@link registerPrometheusMetrics} began.
 *
 * @publicApi
 */
export interface PrometheusMetrics {
  /** Ends the recording and removes the metrics from the registry. A second call has no effect. */
  readonly stop: () => void;
}

type AnyRegistry = NonNullable<PrometheusMetricsOptions['register']>;

const SUBJECT = 'registerPrometheusMetrics';
const NAMES = { register: true, prefix: true, buckets: true } satisfies OptionNames<PrometheusMetricsOptions>;
const BUCKET_NAMES = Object.fromEntries(metricsOf('histogram').map(([name]) => [name, true])) as OptionNames<
  Record<HistogramName, unknown>
>;

/**
 * Records metrics of all clients and workers of this process in a registry of `prom-client`. Call the
 * function once, before or after the application starts. Its own endpoint, `PrometheusModule` of
 * `@willsoto/nestjs-prometheus` and a push gateway all read the same registry.
 *
 * @throws TypeError an option is wrong
 * @throws Error the registry has a metric of the same name
 * @publicApi
 */
export function registerPrometheusMetrics(options: PrometheusMetricsOptions = {}): PrometheusMetrics {
  const { register = defaultRegistry, prefix = '', buckets = {} } = checkOptions(options);
  const nameOf = ([name, definition]: readonly [string, MetricDefinition]): string =>
    `${prefix}${prometheusName(name, definition)}`;
  checkNames(register, Object.entries<MetricDefinition>(METRICS).map(nameOf));
  const settingsOf = (entry: readonly [string, MetricDefinition]) => ({
    name: nameOf(entry),
    help: entry[1].description,
    labelNames: entry[1].attributes.map(prometheusLabel),
    registers: [register],
  });
  const counters = new Map(metricsOf('counter').map((entry) => [entry[0], new Counter(settingsOf(entry))]));
  const histograms = new Map(
    metricsOf('histogram').map((entry) => {
      const [name, definition] = entry;
      return [name, new Histogram({ ...settingsOf(entry), buckets: [...(buckets[name] ?? definition.buckets)] })];
    }),
  );
  const gauges = metricsOf('gauge').map((entry) => {
    const [name, { merge }] = entry;
    return new Gauge({
      ...settingsOf(entry),
      aggregator: merge,
      collect() {
        this.reset();
        for (const { value, attributes } of readGauge(name)) this.set(labelsOf(attributes), value);
      },
    });
  });
  const unsubscribe = recordMetrics({
    add: (metric, value, attributes) => counters.get(metric)!.inc(cachedLabels(attributes), value),
    record: (metric, value, attributes) => histograms.get(metric)!.observe(cachedLabels(attributes), value),
  });
  const own = [...counters.values(), ...histograms.values(), ...gauges];
  return {
    stop() {
      unsubscribe();
      for (const metric of own) removeOwn(register, metric);
    },
  };
}

/** Removes a metric, unless the registry was cleared and has another metric of the name. */
function removeOwn(register: AnyRegistry, metric: Counter | Histogram | Gauge): void {
  const { name } = metric as unknown as { readonly name: string };
  if (register.getSingleMetric(name) === metric) register.removeSingleMetric(name);
}

/** Caches labels by the object that holds their attributes. The recording gives one object for equal attributes. */
const LABELS = new WeakMap<MetricAttributes, Record<string, string>>();

function cachedLabels(attributes: MetricAttributes): Record<string, string> {
  let labels = LABELS.get(attributes);
  if (labels === undefined) LABELS.set(attributes, (labels = labelsOf(attributes)));
  return labels;
}

function labelsOf(attributes: MetricAttributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [prometheusLabel(name), value]));
}

function checkNames(register: AnyRegistry, names: readonly string[]): void {
  const taken = names.find((name) => register.getSingleMetric(name) !== undefined);
  if (taken === undefined) return;
  throw new Error(
    `${SUBJECT}: the registry has a metric ${taken} already; call it once a registry, ` +
      'call stop() of the earlier registration first, or set the option prefix',
  );
}

function checkOptions(options: PrometheusMetricsOptions): PrometheusMetricsOptions {
  const { register, prefix, buckets } = checkOptionNames(SUBJECT, options, NAMES);
  if (register !== undefined && typeof register?.getSingleMetric !== 'function') {
    throw new TypeError(`${SUBJECT}: register must be a Registry of prom-client, got ${describeOption(register)}`);
  }
  if (prefix !== undefined && (typeof prefix !== 'string' || !/^(?:[a-zA-Z_:][a-zA-Z0-9_:]*)?$/.test(prefix))) {
    throw new TypeError(
      `${SUBJECT}: prefix must be letters, digits and _, without a digit first, got ${describeOption(prefix)}`,
    );
  }
  if (buckets !== undefined) checkBuckets(buckets);
  return options;
}

function checkBuckets(buckets: NonNullable<PrometheusMetricsOptions['buckets']>): void {
  checkOptionNames(SUBJECT, buckets as Record<HistogramName, unknown>, BUCKET_NAMES, 'buckets');
  for (const [name, bounds] of Object.entries(buckets)) {
    if (bounds === undefined) continue;
    const isAscending =
      Array.isArray(bounds) &&
      bounds.length > 0 &&
      bounds.every((bound, at) => Number.isFinite(bound) && (at === 0 || bound > (bounds[at - 1] as number)));
    if (!isAscending) throw new TypeError(`${SUBJECT}: buckets['${name}'] must be ascending numbers, in seconds`);
  }
}
