import type { Context, SpanContext } from '@opentelemetry/api';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { contextOf, validSpanContext } from './trace-headers.js';

/** The contexts of a received message. */
interface MessageTrace {
  /** Context of the emit, with its baggage. */
  readonly creation: Context;
  readonly creationSpan: SpanContext | undefined;
  /** Contexts of the handlers of this delivery, one for each call. */
  readonly processSpans: SpanContext[];
}

/** Remembers the traces of received messages while something holds the messages. */
export class MessageTraces {
  private readonly traces = new WeakMap<ReceivedMessage, MessageTrace>();

  /** Returns the trace of a message. Reads the context of the emit once. */
  of(message: ReceivedMessage): MessageTrace {
    const known = this.traces.get(message);
    if (known) return known;
    const creation = contextOf(message.attributes, message.traceHeader);
    const made = { creation, creationSpan: validSpanContext(creation), processSpans: [] };
    this.traces.set(message, made);
    return made;
  }

  /** Returns the context of the emit. */
  creationOf(message: ReceivedMessage): SpanContext | undefined {
    return this.of(message).creationSpan;
  }

  /** Returns the contexts of the handlers, or of the emit if no handler has run. */
  latestOf(message: ReceivedMessage): readonly (SpanContext | undefined)[] {
    const { processSpans, creationSpan } = this.of(message);
    return processSpans.length > 0 ? processSpans : [creationSpan];
  }
}
