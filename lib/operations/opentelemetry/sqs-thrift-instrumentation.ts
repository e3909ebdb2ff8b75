import { createNoopMeter, type MeterProvider, metrics, type TracerProvider } from '@opentelemetry/api';
import { removeTracer, setTracer, type TransportTracer } from '../../diagnostics/tracer.js';
import {
  type ResolvedInstrumentationConfig,
  resolveInstrumentationConfig,
  type SqsThriftInstrumentationConfig,
} from './instrumentation-config.js';
import { OpenTelemetryTracer } from './open-telemetry-tracer.js';
import { bindMetrics } from './otel-metrics.js';

/**
 * Makes spans and metrics of all clients and strategies of this process, those that exist already
 * included. Give it to the OpenTelemetry SDK with the other instrumentations, or create it alone: it
 * then uses the global providers. It patches nothing, so it may be created at any time.
 *
 * Only one instrumentation makes spans at a time: the one that was enabled last.
 *
 * @example
 * new NodeSDK({ instrumentations: [new SqsThriftInstrumentation()] }).start();
 * @publicApi
 */
export class SqsThriftInstrumentation {
  readonly instrumentationName = 'nestjs-sqs-thrift';
  readonly instrumentationVersion = '0.1.0';
  private config: ResolvedInstrumentationConfig;
  private tracerProvider: TracerProvider | undefined;
  private meterProvider: MeterProvider | undefined;
  private tracer: TransportTracer | undefined;
  private unbindMetrics: (() => void) | undefined;

  /** @throws TypeError an option is unknown or not acceptable */
  constructor(config: SqsThriftInstrumentationConfig = {}) {
    this.config = resolveInstrumentationConfig(config);
    if (this.config.enabled) this.enable();
  }

  /** Begins to make spans and metrics. Has no effect while it is enabled. */
  enable(): void {
    if (this.tracer) return;
    const scope = { name: this.instrumentationName, version: this.instrumentationVersion };
    this.tracer = new OpenTelemetryTracer(this.tracerProvider, scope, this.config);
    setTracer(this.tracer);
    if (!this.config.metrics) return;
    const meters = this.meterProvider ?? metrics.getMeterProvider();
    const meter = meters.getMeter(this.instrumentationName, this.instrumentationVersion);
    // Without an SDK nobody would read the metrics, and recording them costs as much as ever.
    if (meter !== createNoopMeter()) this.unbindMetrics = bindMetrics(meter);
  }

  /** Makes no more spans and metrics. */
  disable(): void {
    if (this.tracer) removeTracer(this.tracer);
    this.unbindMetrics?.();
    this.tracer = this.unbindMetrics = undefined;
  }

  /** Sets the provider of tracers. The SDK calls it. */
  setTracerProvider(provider: TracerProvider): void {
    this.tracerProvider = provider;
    this.restart();
  }

  /** Sets the provider of meters. The SDK calls it. */
  setMeterProvider(provider: MeterProvider): void {
    this.meterProvider = provider;
    this.restart();
  }

  /** @throws TypeError an option is unknown or not acceptable */
  setConfig(config: SqsThriftInstrumentationConfig): void {
    this.config = resolveInstrumentationConfig(config);
    this.restart();
  }

  /** Returns the configuration with all defaults. */
  getConfig(): {
    // Not Required: the types of the SDK have no undefined, which exactOptionalPropertyTypes tells apart.
    readonly [Name in keyof SqsThriftInstrumentationConfig]-?: NonNullable<SqsThriftInstrumentationConfig[Name]>;
  } {
    return { ...this.config };
  }

  private restart(): void {
    if (!this.tracer) return;
    this.disable();
    this.enable();
  }
}
