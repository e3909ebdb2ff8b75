/** Text attributes by name. */
export type Attributes = Readonly<Record<string, string>>;

/** Describes the parts of the OpenTelemetry API that write the active context into a carrier. */
interface OpenTelemetryApi {
  readonly context?: { active(): unknown };
  readonly propagation?: { inject(context: unknown, carrier: Record<string, string>, setter: Setter): void };
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

/**
 * Returns the attributes with which OpenTelemetry carries the active context on, such as
 * `traceparent`. Undefined if no OpenTelemetry is registered in the process. Never throws.
 */
function activeContext(): Attributes | undefined {
  const api = (globalThis as { [API]?: OpenTelemetryApi })[API];
  if (!api?.context || !api.propagation) return undefined;
  try {
    const carrier: Record<string, string> = {};
    api.propagation.inject(api.context.active(), carrier, SETTER);
    return carrier;
  } catch {
    // Tracing must not fail a call.
    return undefined;
  }
}

/**
 * Returns the tracing attributes of a call: `given`, and the context of OpenTelemetry in which the
 * call is emitted. A call that carries a context of its own keeps it whole.
 */
export function tracingOf(own: Attributes | undefined, given: Attributes | undefined): Attributes | undefined {
  const active = activeContext();
  if (!active) return given;
  const has = (name: string): boolean => Object.hasOwn(own ?? {}, name) || Object.hasOwn(given ?? {}, name);
  return Object.keys(active).some(has) ? given : { ...given, ...active };
}

/** True if two calls have the same tracing attributes. */
export function isSameTracing(a: Attributes | undefined, b: Attributes | undefined): boolean {
  if (a === b) return true;
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
