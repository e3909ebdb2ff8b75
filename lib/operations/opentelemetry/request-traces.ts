import {
  type Attributes,
  type Context,
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
import type { MessageTraces } from './message-traces.js';
import { describeError, OWN_ATTR, SpanStarts } from './span-attributes.js';
import { safely } from './safely.js';
import { runIn, suppressed } from './trace-headers.js';

/** Context of the requests without a span of their own. */
const QUIET: Context = suppressed(ROOT_CONTEXT);

/** Runs a request without a span. */
export const UNTRACED: RequestTrace = { run: (start) => runIn(QUIET, start), end: () => undefined };

/** Makes spans of requests. No instrumentation of HTTP or the AWS SDK makes spans beneath them. */
export class RequestTraces {
  private readonly starts = new Map<RequestEvent['verb'], SpanStarts>();

  constructor(
    private readonly tracer: Tracer,
    private readonly messages: MessageTraces,
    private readonly config: Pick<ResolvedInstrumentationConfig, 'emptyReceives'>,
  ) {}

  begin(request: TracedRequest): RequestTrace {
    // Renewals are counted as metrics: a span for each would say nothing and cost more than the work.
    if (request.verb === 'extend') return UNTRACED;
    return request.verb === 'receive' ? this.receive(request) : this.batch(request);
  }

  /** A send or a settlement. It continues the trace of its messages if they have one trace. */
  private batch(request: TracedRequest): RequestTrace {
    const links = linksTo(this.linked(request));
    const span = this.start(request, parentOf(links, this.sourcesOf(request)), links);
    const context = suppressed(trace.setSpan(ROOT_CONTEXT, span));
    return {
      run: (start) => runIn(context, start),
      end: (event) =>
        safely(() => {
          if (span.isRecording()) describeEnd(span, event, request);
          span.end();
        }),
    };
  }

  /** A receive. Its span begins when the answer shows if there is something to say. */
  private receive(request: TracedRequest): RequestTrace {
    const startTime = Date.now();
    return {
      run: (start) => runIn(QUIET, start),
      end: (event, received) => {
        const isEmpty = received.length === 0 && event.error === undefined;
        if (!isEmpty || this.config.emptyReceives)
          safely(() => this.received({ ...request, messages: received }, event, startTime));
      },
    };
  }

  private received(request: TracedRequest, event: RequestEvent, startTime: number): void {
    const links = linksTo(request.messages.map((message) => this.messages.creationOf(message)));
    const span = this.start(request, ROOT_CONTEXT, links, startTime);
    if (span.isRecording()) describeEnd(span, event, request);
    span.end(startTime + event.elapsedMs);
  }

  private start({ verb, queue }: TracedRequest, parent: Context, links: Link[], startTime?: number): Span {
    const { name, attributes } = this.startsOf(verb).of(queue);
    const options = { kind: SpanKind.CLIENT, attributes, links, ...(startTime !== undefined && { startTime }) };
    return this.tracer.startSpan(name, options, parent);
  }

  private startsOf(verb: RequestEvent['verb']): SpanStarts {
    const known = this.starts.get(verb);
    if (known) return known;
    const made = new SpanStarts(OPERATIONS[verb]);
    this.starts.set(verb, made);
    return made;
  }

  /** Lists the contexts that a request links to: those of the emits for a send, those of the handlers for a settlement. */
  private linked({ verb, calls, messages }: TracedRequest): readonly (SpanContext | undefined)[] {
    const ofCalls = calls.map((call) => (call as LinkedTrace | undefined)?.spanContext);
    const ofMessages = messages.flatMap((message) =>
      verb === 'send' ? this.messages.creationOf(message) : this.messages.latestOf(message),
    );
    return [...ofCalls, ...ofMessages];
  }

  /** Lists the contexts in which a request has its cause. A copy of a message is caused by its handler. */
  private sourcesOf({ verb, calls, messages }: TracedRequest): Link[] | undefined {
    if (verb !== 'send' || calls.length > 0) return undefined;
    return linksTo(messages.flatMap((message) => this.messages.latestOf(message)));
  }
}

/** Returns the context of the only cause of a request. Several causes leave the request a trace of its own. */
function parentOf(links: readonly Link[], sources: readonly Link[] = links): Context {
  const [sole, ...others] = sources;
  return sole && others.length === 0 ? trace.setSpanContext(ROOT_CONTEXT, sole.context) : ROOT_CONTEXT;
}

function describeEnd(span: Span, event: RequestEvent, { messages }: Pick<TracedRequest, 'messages'>): void {
  const attributes: Attributes = { [ATTR.batchCount]: event.entries };
  const [sole, ...others] = messages;
  // A copy of a message is another message.
  if (sole && others.length === 0 && event.verb !== 'send') attributes[ATTR.messageId] = sole.id;
  if (event.throttled) attributes[OWN_ATTR.throttled] = true;
  span.setAttributes(attributes);
  const [code] = Object.keys(event.failures);
  if (code === undefined) return;
  const { type, message } = event.error === undefined ? { type: code, message: code } : describeError(event.error);
  span.setAttribute(ATTR.errorType, type).setStatus({ code: SpanStatusCode.ERROR, message });
}
