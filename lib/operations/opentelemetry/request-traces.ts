import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { RequestTrace, TracedRequest } from '../../diagnostics/tracer.js';
import type { RequestEvent } from '../../diagnostics/transport-event.js';
import { ATTR, OPERATIONS } from '../metrics/semantic-conventions.js';
import { type LinkedTrace, linksTo } from './call-traces.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import { traceOf } from './message-traces.js';
import { describeError, OWN_ATTR, SpanStarts } from './span-attributes.js';
import { safely } from './safely.js';
import { runIn, suppressed } from './trace-headers.js';

/** Context of the requests without a span of their own. */
const QUIET: Context = suppressed(ROOT_CONTEXT);

/** Runs a request without a span. */
export const UNTRACED: RequestTrace = { records: false, run: (start) => runIn(QUIET, start), end: () => undefined };

/** Runs a request in the context of a span that nothing records. */
class Unrecorded implements RequestTrace {
  readonly records: boolean = false;
  private readonly context: Context;

  constructor(span: Span) {
    this.context = suppressed(trace.setSpan(ROOT_CONTEXT, span));
  }

  run<T>(start: () => T): T {
    return runIn(this.context, start);
  }

  end(): void {
    // Nothing to note.
  }
}

class Recorded extends Unrecorded {
  override readonly records = true;

  constructor(
    private readonly span: Span,
    private readonly request: TracedRequest,
  ) {
    super(span);
  }

  override end(event?: RequestEvent): void {
    safely(() => describeEnd(this.span, event!, this.request).end());
  }
}

/** Makes spans of requests. No instrumentation of HTTP or the AWS SDK makes spans beneath them. */
export class RequestTraces {
  private readonly starts = new Map<RequestEvent['verb'], SpanStarts>();

  constructor(
    private readonly tracer: Tracer,
    private readonly config: Pick<ResolvedInstrumentationConfig, 'emptyReceives'>,
  ) {}

  begin(request: TracedRequest): RequestTrace {
    // Renewals are counted as metrics: a span for each would say nothing and cost more than the work.
    if (request.verb === 'extend') return UNTRACED;
    return request.verb === 'receive' ? this.receive(request) : this.batch(request);
  }

  /** A send or a settlement. It continues the trace of its messages if they have one trace. */
  private batch(request: TracedRequest): RequestTrace {
    const links = linksTo(linked(request));
    const span = this.start(request, parentOf(request, links), links);
    return span.isRecording() ? new Recorded(span, request) : new Unrecorded(span);
  }

  /** A receive. Its span begins when the answer shows if there is something to say. */
  private receive(request: TracedRequest): RequestTrace {
    const startTime = Date.now();
    return {
      records: true,
      run: (start) => runIn(QUIET, start),
      end: (event, received) => {
        const isEmpty = received.length === 0 && event.error === undefined;
        if (!isEmpty || this.config.emptyReceives)
          safely(() => this.received({ ...request, messages: received }, event, startTime));
      },
    };
  }

  private received(request: TracedRequest, event: RequestEvent, startTime: number): void {
    const links = linksTo(request.messages.map((message) => traceOf(message).creationSpan));
    const span = this.start(request, ROOT_CONTEXT, links, startTime);
    if (span.isRecording()) describeEnd(span, event, request).end(startTime + event.elapsedMs);
  }

  private start({ verb, queue }: TracedRequest, parent: Context, links: Link[], startTime?: number): Span {
    const { name, options, more } = this.startsOf(verb).of(queue);
    const isPlain = links.length === 0 && startTime === undefined;
    const own = { ...options, links, ...(startTime !== undefined && { startTime }) };
    const span = this.tracer.startSpan(name, isPlain ? options : own, parent);
    return span.isRecording() ? span.setAttributes(more) : span;
  }

  private startsOf(verb: RequestEvent['verb']): SpanStarts {
    const known = this.starts.get(verb);
    if (known) return known;
    const made = new SpanStarts(OPERATIONS[verb], SpanKind.CLIENT);
    this.starts.set(verb, made);
    return made;
  }
}

/** Lists the contexts that a request links to: those of the emits for a send, those of the handlings for a settlement. */
function linked({ verb, calls, messages }: TracedRequest): readonly (SpanContext | undefined)[] {
  if (calls.length > 0) return calls.map((call) => (call as LinkedTrace | undefined)?.spanContext);
  return messages.map((message) => (verb === 'send' ? traceOf(message).creationSpan : traceOf(message).latestSpan));
}

/**
 * Returns the context of the only cause of a request: the call that it sends, or the handling whose
 * message it settles or copies. Several causes leave the request a trace of its own. So does a message
 * that no handler got: its sender must not decide what is recorded here.
 */
function parentOf({ calls, messages }: TracedRequest, links: readonly Link[]): Context {
  if (calls.length > 0) return links.length === 1 && calls.length === 1 ? continued(links[0]!.context) : ROOT_CONTEXT;
  const [first] = messages;
  if (!first || messages.some((message) => message !== first)) return ROOT_CONTEXT;
  const { handling } = traceOf(first);
  return handling ? continued(handling.span.spanContext()) : ROOT_CONTEXT;
}

function continued(spanContext: SpanContext): Context {
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

function describeEnd(span: Span, event: RequestEvent, { messages }: Pick<TracedRequest, 'messages'>): Span {
  const attributes: Attributes = { [ATTR.batchCount]: event.entries };
  const [sole, ...others] = messages;
  // A copy of a message is another message.
  if (sole && others.length === 0 && event.verb !== 'send') attributes[ATTR.messageId] = sole.id;
  if (event.throttled) attributes[OWN_ATTR.throttled] = true;
  span.setAttributes(attributes);
  const [code] = Object.keys(event.failures);
  if (code === undefined) return span;
  const { type, message } = event.error === undefined ? { type: code, message: code } : describeError(event.error);
  return span.setAttribute(ATTR.errorType, type).setStatus({ code: SpanStatusCode.ERROR, message });
}
