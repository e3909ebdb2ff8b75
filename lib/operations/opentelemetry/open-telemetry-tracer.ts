import type { Tracer } from '@opentelemetry/api';
import type {
  CallTrace,
  EmittedCall,
  HandlingTrace,
  RequestTrace,
  TracedDecision,
  TracedHandling,
  TracedQueue,
  TracedRequest,
  TransportTracer,
} from '../../diagnostics/tracer.js';
import type { ReceivedMessage } from '../../queue/wire-message.js';
import { CallTraces, withoutTrace } from './call-traces.js';
import { HandlingTraces } from './handling-traces.js';
import type { ResolvedInstrumentationConfig } from './instrumentation-config.js';
import { MessageTraces } from './message-traces.js';
import { RequestTraces, UNTRACED } from './request-traces.js';
import { safely } from './safely.js';

/**
 * Makes the spans of the transport. A sampler, span processor or propagator that throws leaves the span
 * out, and changes nothing of a call.
 */
export class OpenTelemetryTracer implements TransportTracer {
  private readonly calls: CallTraces;
  private readonly requests: RequestTraces;
  private readonly handlings: HandlingTraces;

  constructor(tracer: Tracer, config: ResolvedInstrumentationConfig) {
    const messages = new MessageTraces();
    this.calls = new CallTraces(tracer, config);
    this.requests = new RequestTraces(tracer, messages, config);
    this.handlings = new HandlingTraces(tracer, messages, config);
  }

  emit(call: EmittedCall): CallTrace {
    return safely(() => this.calls.emit(call)) ?? withoutTrace(call.shares);
  }

  pack(calls: readonly CallTrace[], queue: TracedQueue, since: number): CallTrace {
    return safely(() => this.calls.pack(calls, queue, since)) ?? withoutTrace(false);
  }

  request(request: TracedRequest): RequestTrace {
    return safely(() => this.requests.begin(request)) ?? UNTRACED;
  }

  handle(handling: TracedHandling): HandlingTrace {
    return safely(() => this.handlings.begin(handling)) ?? NOT_FOLLOWED;
  }

  decide(message: ReceivedMessage, decision: TracedDecision): void {
    safely(() => this.handlings.decide(message, decision));
  }

  untraced<T>(start: () => T): T {
    return UNTRACED.run(start);
  }
}

const NOT_FOLLOWED: HandlingTrace = { run: (start) => start(), end: () => undefined };
