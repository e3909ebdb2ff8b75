import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';

/** Kinds of telemetry that a program of the benchmark runs with. */
export const TELEMETRY_MODES = ['without', 'no SDK', 'traces of 1 %', 'traces of 1 % and metrics'] as const;

/** A kind for programs that emit. */
export const WITHOUT_CREATE_SPANS = 'traces of 1 % without create spans';

export type TelemetryMode = (typeof TELEMETRY_MODES)[number] | typeof WITHOUT_CREATE_SPANS;

/** Share of the traces that are recorded. */
const SAMPLED = 0.01;

/** Sets up the telemetry of a process, before its transport is created. */
export function setUpTelemetry(mode: TelemetryMode = 'without'): void {
  if (mode === 'without') return;
  const measures = mode === 'traces of 1 % and metrics';
  if (mode !== 'no SDK') setUpSdk(measures);
  new SqsThriftInstrumentation({ metrics: measures || mode === 'no SDK', createSpans: mode !== WITHOUT_CREATE_SPANS });
}

/** Registers an SDK as an application has it, but for an exporter that sends nothing. */
function setUpSdk(hasMetrics: boolean): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  const exporter = new InMemorySpanExporter();
  setInterval(() => exporter.reset(), 1_000).unref();
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(SAMPLED) });
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ sampler, spanProcessors: [new BatchSpanProcessor(exporter)] }),
  );
  if (!hasMetrics) return;
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  setInterval(() => metricExporter.reset(), 1_000).unref();
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 10_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
}
