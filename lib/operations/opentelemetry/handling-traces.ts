import { type Attributes, type Context, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { HandlingTrace, TracedDecision, TracedHandling } from '../../diagnostics/tracer.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { ATTR } from '../metrics/semantic-conventions.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import { type MessageHandling, type OpenSpan, traceOf } from './message-traces.js';
import { safely } from './safely.js';
import { describeError, OWN_ATTR, PROCESSING, SpanStarts } from './span-attributes.js';
import { runIn } from './trace-headers.js';

/**
 * Makes a span for the handling of each delivery, and inside it one for each call if there are several.
 * Spans end with the handlers, but are handed on when the message is decided about: a span cannot be
 * changed later. A delivery whose span is not recorded makes no others.
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
    const { open, context } = handling;
    if (!open) return new Unrecorded(context);
    if (call.calls === 1) return new Recorded(context, open[0]!, handling);
    const { service, method } = call;
    const attributes = { [ATTR.service]: service, [ATTR.method]: method };
    const span = this.tracer.startSpan(`${service}.${method}`, { attributes, startTime: nowOf(handling) }, context);
    const opened: OpenSpan = { span, endedAt: undefined, failed: false };
    // Before the span of the delivery, which ends last.
    open.unshift(opened);
    return new Recorded(trace.setSpan(context, span), opened, handling);
  }

  /** Hands on the spans of a message. */
  decide(message: ReceivedMessage, decision: TracedDecision): void {
    const { handling } = traceOf(message);
    if (!handling?.open) return;
    const spans = handling.open.splice(0);
    const last = spans.pop();
    if (!last) return;
    for (const { span, endedAt } of spans) span.end(endedAt);
    const failed = spans.find((call) => call.failed);
    if (failed) last.span.setStatus({ code: SpanStatusCode.ERROR });
    last.endedAt ??= Math.max(...spans.map(({ endedAt = nowOf(handling) }) => endedAt));
    last.span.setAttributes(attributesOfDecision(decision)).end(last.endedAt);
  }

  private beginMessage({ queue, service, method, message, calls }: TracedHandling): MessageHandling {
    const { creation, creationSpan } = traceOf(message);
    // Not the active context: an instrumentation of the AWS SDK may have left that of a receive.
    const parent = this.config.consumerTrace === 'parent' ? creation : trace.deleteSpan(creation);
    const { name, options, more } = this.starts.of(queue);
    const startedAt = { epoch: Date.now(), clock: performance.now() };
    const links = creationSpan && [{ context: creationSpan }];
    const span = this.tracer.startSpan(
      name,
      links ? { ...options, links, startTime: startedAt.epoch } : options,
      parent,
    );
    const context = trace.setSpan(parent, span);
    if (!span.isRecording()) return { span, context, open: undefined, startedAt };
    span.setAttributes({
      ...more,
      [ATTR.messageId]: message.id,
      [OWN_ATTR.receiveCount]: message.receiveCount,
      ...(calls === 1 ? { [ATTR.service]: service, [ATTR.method]: method } : { [OWN_ATTR.calls]: calls }),
    });
    return { span, context, open: [{ span, endedAt: undefined, failed: false }], startedAt };
  }
}

/** Runs handlers in the context of a span that nothing records, which spans inside them inherit. */
class Unrecorded implements HandlingTrace {
  readonly records = false;

  constructor(private readonly context: Context) {}

  run<T>(start: () => T): T {
    return runIn(this.context, start);
  }

  end(): void {
    // Nothing to note.
  }
}

class Recorded implements HandlingTrace {
  readonly records = true;

  constructor(
    private readonly context: Context,
    private readonly open: OpenSpan,
    private readonly handling: MessageHandling,
  ) {}

  run<T>(start: () => T): T {
    return runIn(this.context, start);
  }

  end(error: unknown): void {
    this.open.endedAt = nowOf(this.handling);
    if (error !== undefined) safely(() => fail(this.open, error));
  }
}

/** Time of day in ms, which advances as the clock of the process does. */
function nowOf({ startedAt }: MessageHandling): number {
  return startedAt.epoch + (performance.now() - startedAt.clock);
}

function fail(open: OpenSpan, error: unknown): void {
  const { type: name, message, stack } = describeError(error);
  open.failed = true;
  open.span.recordException({ name, message, ...(stack !== undefined && { stack }) }, open.endedAt);
  open.span.setAttribute(ATTR.errorType, name).setStatus({ code: SpanStatusCode.ERROR, message });
}

function attributesOfDecision({ outcome, reason, delaySeconds }: TracedDecision): Attributes {
  const attributes: Attributes = { [OWN_ATTR.outcome]: outcome };
  if (reason !== undefined) attributes[OWN_ATTR.reason] = reason;
  if (delaySeconds !== undefined) attributes[OWN_ATTR.retryDelay] = delaySeconds;
  return attributes;
}
