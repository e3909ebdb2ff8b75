import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { SqsThriftInstrumentation } from 'nestjs-sqs-thrift/opentelemetry';
import { registerPrometheusMetrics } from 'nestjs-sqs-thrift/prometheus';
import { TracePrinter } from './trace-printer.js';

/** Stops the telemetry, and prints the traces. */
export type StopTelemetry = () => Promise<void>;

/**
 * Turns on traces and metrics. An application of your own starts `NodeSDK` of `@opentelemetry/sdk-node`
 * here, with an exporter for its collector.
 */
export function startTelemetry(): StopTelemetry {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new TracePrinter())] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const instrumentation = new SqsThriftInstrumentation();
  const metrics = registerPrometheusMetrics();
  return async () => {
    instrumentation.disable();
    metrics.stop();
    await provider.shutdown();
  };
}
