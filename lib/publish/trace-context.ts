import { activeContext, type TraceAttributes } from '../common/open-telemetry.js';

export type { TraceAttributes };

/**
 * Returns the tracing attributes of a call: `given`, and the context of OpenTelemetry in which the
 * call is emitted. A call that carries a context of its own keeps it whole.
 */
export function tracingOf(
  own: TraceAttributes | undefined,
  given: TraceAttributes | undefined,
): TraceAttributes | undefined {
  const active = activeContext();
  if (!active) return given;
  const has = (name: string): boolean => Object.hasOwn(own ?? {}, name) || Object.hasOwn(given ?? {}, name);
  return Object.keys(active).some(has) ? given : { ...given, ...active };
}

/** True if two calls have the same tracing attributes. */
export function isSameTracing(a: TraceAttributes | undefined, b: TraceAttributes | undefined): boolean {
  if (a === b) return true;
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
