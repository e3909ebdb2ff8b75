import { context, propagation, type SpanContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { SqsThriftInstrumentation, type SqsThriftInstrumentationConfig } from 'nestjs-sqs-thrift/opentelemetry';

/** Registers the SDK of OpenTelemetry with the instrumentation, and keeps every span that has ended. */
export class RecordedSpans implements SpanProcessor {
  /** Names and attributes with which spans began. */
  readonly started: Pick<ReadableSpan, 'name' | 'attributes'>[] = [];
  private readonly ended: ReadableSpan[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly instrumentation: SqsThriftInstrumentation;

  constructor(config: SqsThriftInstrumentationConfig = {}) {
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [this] }));
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    this.instrumentation = new SqsThriftInstrumentation(config);
  }

  onStart({ name, attributes }: ReadableSpan): void {
    this.started.push({ name, attributes: { ...attributes } });
  }

  onEnd(span: ReadableSpan): void {
    this.ended.push(span);
    for (const wake of this.waiting) wake();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Removes everything that the constructor registered. */
  shutdown(): Promise<void> {
    this.instrumentation.disable();
    trace.disable();
    context.disable();
    propagation.disable();
    return Promise.resolve();
  }

  configure(config: SqsThriftInstrumentationConfig): void {
    this.instrumentation.setConfig(config);
  }

  /** Forgets all spans. */
  reset(): void {
    this.ended.length = 0;
  }

  /** Returns all spans in the order of their ends. */
  all(): readonly ReadableSpan[] {
    return this.ended;
  }

  /** Returns the spans of an operation, such as `process`, in the order of their ends. */
  of(operation: string): ReadableSpan[] {
    return this.ended.filter(({ name }) => name.split(' ', 1)[0] === operation);
  }

  /** Waits until so many spans of an operation have ended. */
  async until(operation: string, count: number): Promise<ReadableSpan[]> {
    while (this.of(operation).length < count) await new Promise<void>((resolve) => this.waiting.add(resolve));
    return this.of(operation);
  }

  /** Starts a function in a span of the application, the first of its trace. */
  inSpan<T>(name: string, start: (spanContext: SpanContext) => T): T {
    return trace.getTracer('application').startActiveSpan(name, { root: true }, (span) => {
      const result = start(span.spanContext());
      span.end();
      return result;
    });
  }
}

/** Writes a context as `traceparent` does. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags}`;
}

/** Returns the contexts to which a span links, each as `traceparent` writes it. */
export function linkedBy({ links }: ReadableSpan): string[] {
  return links.map((link) => traceparentOf(link.context));
}
