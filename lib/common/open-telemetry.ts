/** Text attributes by name. */
export type TraceAttributes = Readonly<Record<string, string>>;

/** Describes the parts of the OpenTelemetry API that write the active context into a carrier. */
interface OpenTelemetryApi {
  readonly context?: { active(): unknown };
  readonly propagation?: {
    inject(context: unknown, carrier: Record<string, string>, setter: Setter): void;
    fields(): readonly string[];
  };
}

interface Setter {
  set(carrier: Record<string, string>, name: string, value: string): void;
}

/**
 * Key under which version 1 of `@opentelemetry/api` shares its registered parts with all copies of
 * itself.
 */
const API = Symbol.for('opentelemetry.js.api.1');

const SETTER: Setter = {
  set(carrier, name, value) {
    carrier[name] = value;
  },
};

/** Names under which tracers carry a context on: W3C, B3, Jaeger, AWS X-Ray, Sentry, Datadog. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'uber-trace-id',
  'x-amzn-trace-id',
  'sentry-trace',
  '_datadog',
]);

/**
 * Returns the attributes with which OpenTelemetry carries the active context on, such as
 * `traceparent`. Undefined if no OpenTelemetry is registered in the process. Never throws.
 */
export function activeContext(): TraceAttributes | undefined {
  const { context, propagation } = registered();
  if (!context || !propagation) return undefined;
  try {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier, SETTER);
    return carrier;
  } catch {
    // Tracing must not fail a call.
    return undefined;
  }
}

/** True if an attribute carries the context of a tracer. */
export function isTracingField(name: string): boolean {
  if (KNOWN_FIELDS.has(name.toLowerCase())) return true;
  try {
    return registered().propagation?.fields().includes(name) ?? false;
  } catch {
    return false;
  }
}

function registered(): OpenTelemetryApi {
  return (globalThis as { [API]?: OpenTelemetryApi })[API] ?? {};
}
