import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { HandlingTrace, TracedDecision, TracedHandling } from '../../diagnostics/tracer.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { ATTR } from '../metrics/semantic-conventions.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import { knownTraceOf, MessageHandling, traceOf } from './message-traces.js';
import { safely } from './safely.js';
import { describeError, OWN_ATTR, PROCESSING, SpanStarts } from './span-attributes.js';
import { runIn } from './trace-headers.js';

/** Spans of calls of one body. The sender decides how many calls a body has. */
const MOST_CALL_SPANS = 128;

/**
 * Makes a span for the handling of each delivery, and inside it one for each call if there are several.
 * The span of a delivery ends when the message is decided about, which is when its last handler has
 * ended: a span cannot be changed later. A delivery whose span is not recorded makes no others.
 */
export class HandlingTraces {
  private readonly starts = new SpanStarts(PROCESSING, SpanKind.CONSUMER);

  constructor(
    private readonly tracer: Tracer,
    private readonly config: Pick<ResolvedInstrumentationConfig, 'consumerTrace'>,
  ) {}

  begin(call: TracedHandling): HandlingTrace {
    const messageTrace = traceOf(call.message);
    const handling = (messageTrace.handling ??= this.beginMessage(call));
    if (!handling.records) return handling;
    if (call.calls === 1) return new RecordedCall(handling, handling.span, handling.context);
    if (handling.callSpans >= MOST_CALL_SPANS) return new RecordedCall(handling, undefined, handling.context);
    handling.callSpans += 1;
    const { service, method } = call;
    const attributes = { [ATTR.service]: service, [ATTR.method]: method };
    const span = this.tracer.startSpan(`${service}.${method}`, { attributes }, handling.context);
    return new RecordedCall(handling, span, trace.setSpan(handling.context, span));
  }

  /** Ends the span of a delivery. */
  decide(message: ReceivedMessage, decision: TracedDecision): void {
    const handling = knownTraceOf(message)?.handling;
    if (!handling?.records) return;
    const { span, failed } = handling;
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttributes(attributesOfDecision(decision)).end();
  }

  private beginMessage({ queue, service, method, message, calls }: TracedHandling): MessageHandling {
    const messageTrace = traceOf(message);
    const { creation, creationSpan } = messageTrace;
    // Not the active context: an instrumentation of the AWS SDK may have left that of a receive.
    const parent = this.config.consumerTrace === 'parent' ? creation : messageTrace.baggage;
    const { name, options, more } = this.starts.of(queue);
    const own = creationSpan ? { ...options, links: [{ context: creationSpan }] } : options;
    const handling = new MessageHandling(this.tracer.startSpan(name, own, parent), parent);
    if (!handling.records) return handling;
    handling.span.setAttributes({
      ...more,
      [ATTR.messageId]: message.id,
      [OWN_ATTR.receiveCount]: message.receiveCount,
      ...(calls === 1 ? { [ATTR.service]: service, [ATTR.method]: method } : { [OWN_ATTR.calls]: calls }),
    });
    return handling;
  }
}

/** The handlers of a call, whose span is that of the delivery if the message has one call. */
class RecordedCall implements HandlingTrace {
  readonly records = true;

  constructor(
    private readonly handling: MessageHandling,
    private readonly span: Span | undefined,
    private readonly context: Context,
  ) {}

  run<T>(start: () => T): T {
    return runIn(this.context, start);
  }

  end(error: unknown): void {
    safely(() => {
      if (error !== undefined) this.fail(error);
      if (this.span !== this.handling.span) this.span?.end();
    });
  }

  private fail(error: unknown): void {
    const { type: name, message, stack } = describeError(error);
    this.handling.failed ||= this.span !== this.handling.span;
    if (!this.span) return;
    this.span.recordException({ name, message, ...(stack !== undefined && { stack }) });
    this.span.setAttribute(ATTR.errorType, name).setStatus({ code: SpanStatusCode.ERROR, message });
  }
}

function attributesOfDecision({ outcome, reason, delaySeconds }: TracedDecision): Attributes {
  const attributes: Attributes = { [OWN_ATTR.outcome]: outcome };
  if (reason !== undefined) attributes[OWN_ATTR.reason] = reason;
  if (delaySeconds !== undefined) attributes[OWN_ATTR.retryDelay] = delaySeconds;
  return attributes;
}
