import type { Context, Span, SpanContext } from '@opentelemetry/api';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { contextOf, validSpanContext } from './trace-headers.js';

/** A recorded span, with the time of its end. */
export interface OpenSpan {
  readonly span: Span;
  /** Time of the end in ms since the epoch. Undefined while it lasts. */
  endedAt: number | undefined;
  failed: boolean;
}

/** The handling of one delivery of a message. */
export interface MessageHandling {
  readonly span: Span;
  readonly context: Context;
  /** Spans to hand on when the message is decided about. Undefined if the span is not recorded. */
  readonly open: OpenSpan[] | undefined;
  /** Clock times of the start in ms: since the epoch, and since the start of the process. */
  readonly startedAt: { readonly epoch: number; readonly clock: number };
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

  /** Context of the handling, or of the emit if the message was not handled. */
  get latestSpan(): SpanContext | undefined {
    return this.handling?.span.spanContext() ?? this.creationSpan;
  }
}

/** Traces of messages that take no further field. A carrier may freeze its messages. */
const ofFrozen = new WeakMap<ReceivedMessage, MessageTrace>();

/** Returns the trace of a message. Reads the context of the emit once. */
export function traceOf(message: ReceivedMessage): MessageTrace {
  const known = message.traced ?? ofFrozen.get(message);
  if (known instanceof MessageTrace) return known;
  const made = new MessageTrace(message);
  if (Object.isExtensible(message)) message.traced = made;
  else ofFrozen.set(message, made);
  return made;
}
