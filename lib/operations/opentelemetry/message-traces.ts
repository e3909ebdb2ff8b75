import { type Context, type Span, type SpanContext, trace } from '@opentelemetry/api';
import type { HandlingTrace } from '../../diagnostics/tracer.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { baggageOf, contextOf, runIn, validSpanContext } from './trace-headers.js';

/**
 * The handling of one delivery. If nothing records its span, handlers only run in its context, which
 * spans inside them inherit.
 */
export class MessageHandling implements HandlingTrace {
  readonly context: Context;
  readonly records: boolean;
  /** True once a handler has failed. */
  failed = false;
  /** Counts the spans of its calls. */
  callSpans = 0;

  constructor(
    readonly span: Span,
    parent: Context,
  ) {
    this.context = trace.setSpan(parent, span);
    this.records = span.isRecording();
  }

  run<T>(start: () => T): T {
    return runIn(this.context, start);
  }

  end(_error: unknown): void {
    // Nothing to note.
  }
}

/** The contexts of a received message. */
export class MessageTrace {
  /** Context of the emit, with its baggage. */
  readonly creation: Context;
  readonly creationSpan: SpanContext | undefined;
  handling: MessageHandling | undefined;

  constructor({ attributes, traceHeader }: ReceivedMessage) {
    this.creation = contextOf(attributes, traceHeader);
    this.creationSpan = validSpanContext(this.creation);
  }

  /**
   * The baggage of the emit, for a trace of its own. Propagators keep more in a context, such as a
   * request of the sender to record everything.
   */
  get baggage(): Context {
    return baggageOf(this.creation);
  }

  /** Context of the handling, or of the emit if the message was not handled. */
  get latestSpan(): SpanContext | undefined {
    return this.handling?.span.spanContext() ?? this.creationSpan;
  }
}

/** Traces of messages that take no further field. A carrier may freeze its messages. */
const ofFrozen = new WeakMap<ReceivedMessage, MessageTrace>();

/** Returns the trace of a message. Undefined if nothing has followed the message. */
export function knownTraceOf(message: ReceivedMessage): MessageTrace | undefined {
  const known = message.traced ?? ofFrozen.get(message);
  return known instanceof MessageTrace ? known : undefined;
}

/** Returns the trace of a message. Reads the context of the emit once. */
export function traceOf(message: ReceivedMessage): MessageTrace {
  const known = knownTraceOf(message);
  if (known) return known;
  const made = new MessageTrace(message);
  if (Object.isExtensible(message)) message.traced = made;
  else ofFrozen.set(message, made);
  return made;
}
