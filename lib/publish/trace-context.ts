import { activeContext, isTracingField, type TraceAttributes } from '../common/open-telemetry.js';
import { type CallTrace, currentTracer, type EmittedCall } from '../diagnostics/tracer.js';
import type { MessageSender } from '../queue/queue.js';
import type { PendingCall } from './outgoing-message.js';

export type { TraceAttributes };

/**
 * Returns the trace and the tracing attributes of a call, which is being emitted: `given`, and the
 * context of the emit. A call that carries a context of its own keeps it whole.
 */
export function followed(
  call: Omit<EmittedCall, 'given'>,
  own: TraceAttributes | undefined,
  given: TraceAttributes | undefined,
): Pick<PendingCall, 'trace' | 'tracing'> | undefined {
  const tracer = currentTracer();
  if (!tracer) {
    const attributes = tracingOf(own, given);
    return attributes && { tracing: attributes };
  }
  const { queue, service, method, shares } = call;
  const trace = tracer.emit({ queue, service, method, shares, given: tracingFields(own, given) });
  // The context of a body is that of no call, and is known when the body takes no more calls.
  const attributes = call.shares ? given : joined(given, trace.attributes);
  return { trace, tracing: attributes };
}

/** Returns attributes with others of higher rank. */
export function joined(
  attributes: TraceAttributes | undefined,
  more: TraceAttributes | undefined,
): TraceAttributes | undefined {
  return attributes && more ? { ...attributes, ...more } : (more ?? attributes);
}

/**
 * Begins the trace of a body that takes no more calls. Undefined without a tracer.
 *
 * @param since time at which the first call was added, in ms since the epoch
 */
export function bodyTrace(calls: readonly PendingCall[], queue: MessageSender, since: number): CallTrace | undefined {
  const traces = calls.flatMap(({ trace }) => trace ?? []);
  if (traces.length === 0) return undefined;
  return currentTracer()?.pack(traces, queue, since);
}

/**
 * Returns the tracing attributes of a call without a tracer: `given`, and the context of
 * OpenTelemetry in which the call is emitted.
 */
function tracingOf(own: TraceAttributes | undefined, given: TraceAttributes | undefined): TraceAttributes | undefined {
  const active = activeContext();
  if (!active) return given;
  const has = (name: string): boolean => Object.hasOwn(own ?? {}, name) || Object.hasOwn(given ?? {}, name);
  return Object.keys(active).some(has) ? given : { ...given, ...active };
}

/** Returns the attributes of tracing that an application has given. Undefined without any. */
function tracingFields(
  own: TraceAttributes | undefined,
  given: TraceAttributes | undefined,
): TraceAttributes | undefined {
  if (!own && !given) return undefined;
  const fields = Object.entries({ ...given, ...own }).filter(([name]) => isTracingField(name));
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/** True if two calls have the same tracing attributes. */
export function isSameTracing(a: TraceAttributes | undefined, b: TraceAttributes | undefined): boolean {
  if (a === b) return true;
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
