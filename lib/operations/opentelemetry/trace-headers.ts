import {
  type Context,
  context as contexts,
  createContextKey,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { safely } from './safely.js';

/** Text attributes by name. */
type Attributes = Readonly<Record<string, string>>;

/** Matches the parts of a trace header (AWS X-Ray Developer Guide, "Tracing header"). */
const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=1(?:;|$)/i;

/** Longest trace header that is read. SQS takes longer ones. */
const LONGEST_HEADER = 1_024;

/** Key under which tracers look if tracing is suppressed (`@opentelemetry/core`, `suppressTracing`). */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Returns a context in which instrumentations make no spans and write no context. An instrumentation of
 * the AWS SDK would otherwise write the context of a request into each of its messages.
 */
export function suppressed(context: Context): Context {
  return context.setValue(SUPPRESSED, true);
}

/** Returns the attributes that carry a context on. Undefined if there are none. */
export function attributesOf(context: Context): Attributes | undefined {
  const carrier: Record<string, string> = {};
  safely(() => propagation.inject(context, carrier));
  for (const name in carrier) if (carrier[name]) return carrier;
  return undefined;
}

/**
 * Longest attribute of tracing that is read, in characters. Longer ones would cost more than the message,
 * and would not fit into the headers of HTTP requests of handlers.
 */
const LONGEST_FIELD = 4_096;
/** Matches what a header of HTTP may hold. Propagators pass parts of a baggage on as they are. */
const HEADER_TEXT = /^[\x20-\x7e]*$/;

const TEXT_GETTER = {
  keys: (attributes: Attributes): string[] => Object.keys(attributes),
  get(attributes: Attributes, name: string): string | undefined {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value !== undefined && value.length <= LONGEST_FIELD && HEADER_TEXT.test(value) ? value : undefined;
  },
};

/** Returns a context with the baggage of another one alone. */
export function baggageOf(context: Context): Context {
  const baggage = propagation.getBaggage(context);
  return baggage ? propagation.setBaggage(ROOT_CONTEXT, baggage) : ROOT_CONTEXT;
}

/** Returns the context that attributes carry. Without attributes of tracing it is the empty context. */
export function contextOf(attributes: Attributes, header: string | undefined): Context {
  const extract = (): Context => propagation.extract(ROOT_CONTEXT, attributes, TEXT_GETTER);
  const context = isEmpty(attributes) ? ROOT_CONTEXT : (safely(extract) ?? ROOT_CONTEXT);
  const spanContext = trace.getSpanContext(context);
  if (header === undefined || (spanContext && isSpanContextValid(spanContext))) return context;
  const ofHeader = fromTraceHeader(header);
  return ofHeader ? trace.setSpanContext(context, ofHeader) : context;
}

/** Returns the span context of a context, if it is valid. */
export function validSpanContext(context: Context): SpanContext | undefined {
  const spanContext = trace.getSpanContext(context);
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}

/** Writes a span context as a trace header of AWS X-Ray. */
export function toTraceHeader({ traceId, spanId, traceFlags }: SpanContext): string {
  const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  return `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=${isSampled ? 1 : 0}`;
}

/** Reads a trace header of AWS X-Ray. Undefined if it names no span. */
function fromTraceHeader(header: string): SpanContext | undefined {
  if (header.length > LONGEST_HEADER) return undefined;
  const [root, parent] = [ROOT.exec(header), PARENT.exec(header)];
  if (!root || !parent) return undefined;
  const spanContext: SpanContext = {
    traceId: (root[1]! + root[2]!).toLowerCase(),
    spanId: parent[1]!.toLowerCase(),
    traceFlags: SAMPLED.test(header) ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
  return isSpanContextValid(spanContext) ? spanContext : undefined;
}

/** Runs a function in a context. */
export function runIn<T>(context: Context, run: () => T): T {
  return contexts.with(context, run);
}

function isEmpty(attributes: Attributes): boolean {
  for (const _ in attributes) return false;
  return true;
}
