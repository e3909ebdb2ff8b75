/** Uses the subpaths for health, metrics and traces, with their types. */
export const OPERATIONS = `import 'reflect-metadata';
import { HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { metrics } from '@opentelemetry/api';
import { HealthPort, type ProbeResult, workerLiveness } from 'nestjs-sqs-thrift/health';
import { bindMetrics, SqsThriftInstrumentation, type SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';
import { type PrometheusMetrics, registerPrometheusMetrics } from 'nestjs-sqs-thrift/prometheus';
import { ThriftHealthIndicator } from 'nestjs-sqs-thrift/terminus';
import { Registry } from 'prom-client';

export const indicator = new ThriftHealthIndicator(new HealthIndicatorService());
export const checked = (key: string): unknown => indicator.workerReady(key, 'backup')[key];
export const probe: (state: Parameters<typeof workerLiveness>[0]) => ProbeResult = workerLiveness;
export const kinds: readonly unknown[] = [HealthPort, TerminusModule];

const register = new Registry();
const measured: PrometheusMetrics = registerPrometheusMetrics({ register });
const unbind: () => void = bindMetrics(metrics.getMeter('application'));
const config: SqsThriftInstrumentationConfig = { consumerTrace: 'parent' };
const instrumentation = new SqsThriftInstrumentation(config);
const isEnabled: boolean = instrumentation.getConfig().enabled;
instrumentation.disable();
unbind();
measured.stop();
if (!isEnabled || register.getMetricsAsArray().length > 0) throw new Error('the metrics or traces do not work');
console.log('every operation works');
`;
