import {
  type Context,
  context as contexts,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import type { CallTrace, EmittedCall, TracedQueue, TracedResult } from '../../diagnostics/tracer.js';
import { ATTR } from '../metrics/semantic-conventions.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import { CREATING, describeError, OWN_ATTR, SpanStarts } from './span-attributes.js';
import { safely } from './safely.js';
import { attributesOf, contextOf, toTraceHeader, validSpanContext } from './trace-headers.js';

/** The trace of a call or a body, with the context that others link to. */
export interface LinkedTrace extends CallTrace {
  /** Context of the message. Holds no span if no tracer has begun a trace. */
  readonly context: Context;
  readonly spanContext: SpanContext | undefined;
}

/** Ends nothing: the context is that of the application. */
class AmbientTrace implements LinkedTrace {
  readonly spanContext: SpanContext | undefined;

  constructor(
    readonly context: Context,
    readonly shares: boolean,
    readonly attributes: CallTrace['attributes'],
    readonly header: string | undefined,
  ) {
    this.spanContext = validSpanContext(context);
  }

  end(): void {
    // The span belongs to the application.
  }
}

/** A call that may share a body. Its context is linked to when the body is complete. */
class SharingTrace implements LinkedTrace {
  readonly shares = true;
  readonly header = undefined;
  readonly spanContext: SpanContext | undefined;

  constructor(readonly context: Context) {
    this.spanContext = validSpanContext(context);
  }

  /** Reserves room in the body for the context of the body, which is as long as this one. */
  get attributes(): CallTrace['attributes'] {
    const reserving = this.spanContext ? this.context : trace.setSpanContext(this.context, RESERVED);
    return attributesOf(reserving);
  }

  end(): void {
    // The span belongs to the application.
  }
}

/** The trace of a message without a context. */
const UNTRACED_CALL: LinkedTrace = new AmbientTrace(ROOT_CONTEXT, false, undefined, undefined);

/** Returns the trace of a call that could not be traced. */
export function withoutTrace(shares: boolean): CallTrace {
  return new AmbientTrace(ROOT_CONTEXT, shares, undefined, undefined);
}

/** A valid span context, as long as any other. */
const RESERVED: SpanContext = Object.freeze({ traceId: 'f'.repeat(32), spanId: 'f'.repeat(16), traceFlags: 1 });

/** A message with a span of its own, which is recorded. */
class CreatedTrace implements LinkedTrace {
  readonly shares = false;
  readonly attributes: CallTrace['attributes'];
  readonly header: string | undefined;
  readonly spanContext: SpanContext;

  constructor(
    private readonly span: Span,
    readonly context: Context,
    private readonly starts: SpanStarts,
    xray: boolean,
  ) {
    this.spanContext = span.spanContext();
    this.attributes = attributesOf(context);
    this.header = xray ? toTraceHeader(this.spanContext) : undefined;
  }

  end(queue: TracedQueue | undefined, result: TracedResult): void {
    safely(() => this.describe(queue, result).end());
  }

  private describe(queue: TracedQueue | undefined, result: TracedResult): Span {
    const { name, options, more } = this.starts.of(queue);
    // The queue may have been unknown at the start.
    const span = this.span.updateName(name).setAttributes({ ...options.attributes, ...more });
    if (result.ok) return span.setAttribute(ATTR.messageId, result.id);
    const { type, message } = describeError(result.error);
    return span.setAttribute(ATTR.errorType, type).setStatus({ code: SpanStatusCode.ERROR, message });
  }
}

/** Begins the traces of messages. */
export class CallTraces {
  private readonly starts = new SpanStarts(CREATING, SpanKind.PRODUCER);

  constructor(
    private readonly tracer: Tracer,
    private readonly config: Pick<ResolvedInstrumentationConfig, 'createSpans' | 'xray'>,
  ) {}

  /** Begins the trace of a call, in the context of its emit. */
  emit({ queue, service, method, given, shares }: EmittedCall): LinkedTrace {
    // A context that the application has given to the message must not be changed (conventions, "Trace structure").
    if (given) return new AmbientTrace(contextOf(given, undefined), shares, undefined, undefined);
    const ambient = contexts.active();
    if (shares) return new SharingTrace(ambient);
    if (!this.config.createSpans) return this.ambient(ambient);
    const { name, options } = this.starts.of(queue);
    const span = this.tracer.startSpan(name, options, ambient);
    if (span.isRecording()) {
      span.setAttribute(ATTR.method, method);
      if (service !== undefined) span.setAttribute(ATTR.service, service);
    }
    return this.created(span, ambient);
  }

  /** Begins the trace of a body. A body whose calls have one context continues that context. */
  pack(calls: readonly CallTrace[], queue: TracedQueue, since: number): LinkedTrace {
    const traces = calls as readonly LinkedTrace[];
    const first = traces[0]!;
    const isOne = traces.every((other) => isSameContext(first, other));
    if (isOne && first instanceof AmbientTrace) return first;
    const parent = isOne ? first.context : ROOT_CONTEXT;
    if (!this.config.createSpans) return this.ambient(parent);
    const { name, options } = this.starts.of(queue);
    const links = isOne ? [] : linksTo(traces.map(({ spanContext }) => spanContext));
    const span = this.tracer.startSpan(name, { ...options, links, startTime: since }, parent);
    if (span.isRecording()) span.setAttribute(OWN_ATTR.calls, calls.length);
    return this.created(span, parent);
  }

  private ambient(context: Context): LinkedTrace {
    const spanContext = validSpanContext(context);
    const header = this.config.xray && spanContext ? toTraceHeader(spanContext) : undefined;
    return new AmbientTrace(context, false, attributesOf(context), header);
  }

  /**
   * Carries on the context of a span that is recorded. Otherwise the message carries the context of the
   * application, which receivers may know. A trace that begins and ends here unrecorded would say
   * nothing to them, and its attributes would cost more than the span.
   */
  private created(span: Span, parent: Context): LinkedTrace {
    if (span.isRecording()) return new CreatedTrace(span, trace.setSpan(parent, span), this.starts, this.config.xray);
    return parent === ROOT_CONTEXT ? UNTRACED_CALL : this.ambient(parent);
  }
}

/** True if two calls were emitted in the same span, with the same baggage. */
function isSameContext(one: LinkedTrace, other: LinkedTrace): boolean {
  if (one.context === other.context) return true;
  const isSameSpan =
    one.spanContext?.spanId === other.spanContext?.spanId && one.spanContext?.traceId === other.spanContext?.traceId;
  return isSameSpan && propagation.getBaggage(one.context) === propagation.getBaggage(other.context);
}

/**
 * Returns one link to each recorded context. Nobody can follow a link to a span that was not recorded,
 * and the SDK copies each link. A span keeps 128 links unless its provider allows more.
 */
export function linksTo(spanContexts: readonly (SpanContext | undefined)[]): Link[] {
  let links: Map<string, Link> | undefined;
  for (const context of spanContexts) {
    if (context && (context.traceFlags & TraceFlags.SAMPLED) !== 0)
      (links ??= new Map<string, Link>()).set(context.spanId, { context });
  }
  return links ? [...links.values()] : NO_LINKS;
}

const NO_LINKS: Link[] = [];
