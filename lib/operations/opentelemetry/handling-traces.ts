import { type Attributes, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { HandlingTrace, TracedDecision, TracedHandling } from '../../diagnostics/tracer.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { ATTR } from '../metrics/semantic-conventions.js';
import { linksTo } from './call-traces.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import type { MessageTraces } from './message-traces.js';
import { describeError, OWN_ATTR, PROCESSING, SpanStarts } from './span-attributes.js';
import { safely } from './safely.js';
import { runIn, validSpanContext } from './trace-headers.js';

/** Links that a span keeps unless its provider allows more (OpenTelemetry specification, "Span limits"). */
const MOST_LINKS = 128;

/** A recorded span whose message is not decided about yet. */
interface OpenHandling {
  readonly span: Span;
  /** Time of the end in ms since the epoch. Undefined while the handlers run. */
  endedAt: number | undefined;
  failed: boolean;
}

/**
 * Makes a span for the handlers of each call. The span ends with the handlers, but is handed on when
 * the decision about the message is known: a span cannot be changed later.
 */
export class HandlingTraces {
  private readonly starts = new SpanStarts(PROCESSING);
  private readonly open = new WeakMap<ReceivedMessage, OpenHandling[]>();

  constructor(
    private readonly tracer: Tracer,
    private readonly messages: MessageTraces,
    private readonly config: Pick<ResolvedInstrumentationConfig, 'consumerTrace'>,
  ) {}

  begin({ queue, service, method, message }: TracedHandling): HandlingTrace {
    const messageTrace = this.messages.of(message);
    const { creation, creationSpan } = messageTrace;
    const { name, attributes: common } = this.starts.of(queue);
    const attributes: Attributes = {
      ...common,
      [ATTR.messageId]: message.id,
      [ATTR.service]: service,
      [ATTR.method]: method,
      [OWN_ATTR.receiveCount]: message.receiveCount,
    };
    // Not the active context: an instrumentation of the AWS SDK may have left that of a receive.
    const parent = this.config.consumerTrace === 'parent' ? creation : trace.deleteSpan(creation);
    const [startTime, startedAt] = [Date.now(), performance.now()];
    const options = { kind: SpanKind.CONSUMER, attributes, links: linksTo([creationSpan]), startTime };
    const span = this.tracer.startSpan(name, options, parent);
    const context = trace.setSpan(parent, span);
    const spanContext = validSpanContext(context);
    if (spanContext && messageTrace.processSpans.length < MOST_LINKS) messageTrace.processSpans.push(spanContext);
    const open: OpenHandling = { span, endedAt: undefined, failed: false };
    if (span.isRecording()) this.remember(message, open);
    return {
      run: (start) => runIn(context, start),
      end: (error) => {
        open.endedAt = startTime + (performance.now() - startedAt);
        if (error !== undefined) safely(() => fail(open, error));
      },
    };
  }

  /** Hands on the spans of a message. */
  decide(message: ReceivedMessage, decision: TracedDecision): void {
    const spans = this.open.get(message);
    if (!spans) return;
    this.open.delete(message);
    for (const open of spans) {
      open.span.setAttributes(decisionAttributes(open, decision)).end(open.endedAt);
    }
  }

  private remember(message: ReceivedMessage, open: OpenHandling): void {
    const spans = this.open.get(message);
    if (spans) spans.push(open);
    else this.open.set(message, [open]);
  }
}

function fail(open: OpenHandling, error: unknown): void {
  const { type: name, message, stack } = describeError(error);
  open.failed = true;
  open.span.recordException({ name, message, ...(stack !== undefined && { stack }) }, open.endedAt);
  open.span.setAttribute(ATTR.errorType, name).setStatus({ code: SpanStatusCode.ERROR, message });
}

function decisionAttributes({ failed }: OpenHandling, { outcome, reason, delaySeconds }: TracedDecision): Attributes {
  // The calls of a split body that succeeded are done.
  const attributes: Attributes = { [OWN_ATTR.outcome]: outcome === 'split' && !failed ? 'ack' : outcome };
  if (reason !== undefined) attributes[OWN_ATTR.reason] = reason;
  if (delaySeconds !== undefined) attributes[OWN_ATTR.retryDelay] = delaySeconds;
  return attributes;
}
