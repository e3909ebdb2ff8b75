/**
 * The subpath `nestjs-sqs-thrift/opentelemetry`: spans and metrics by the semantic conventions of
 * OpenTelemetry. Needs the package `@opentelemetry/api`.
 *
 * @packageDocumentation
 */
export { bindMetrics } from './operations/opentelemetry/otel-metrics.js';
export { SqsThriftInstrumentation } from './operations/opentelemetry/sqs-thrift-instrumentation.js';
export type { SqsThriftInstrumentationConfig } from './operations/opentelemetry/instrumentation-config.js';
