import { type ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';
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
import { RequestTraces, UNTRACED } from './request-traces.js';
import { safely } from './safely.js';

interface TracerParts {
  readonly calls: CallTraces;
  readonly requests: RequestTraces;
  readonly handlings: HandlingTraces;
}

/**
 * Makes the spans of the transport. A sampler, span processor or propagator that throws leaves the span
 * out, and changes nothing of a call.
 */
export class OpenTelemetryTracer implements TransportTracer {
  private parts: TracerParts | undefined;

  /** @param provider makes the spans. Without it the global provider does, once it is registered */
  constructor(
    private readonly provider: TracerProvider | undefined,
    private readonly scope: { readonly name: string; readonly version: string },
    private readonly config: ResolvedInstrumentationConfig,
  ) {}

  /** True once an SDK is registered. Spans that nothing records would cost as much as others. */
  get isActive(): boolean {
    return this.parts !== undefined || this.begin();
  }

  private begin(): boolean {
    const provider = this.provider ?? trace.getTracerProvider();
    if (isWaiting(provider)) return false;
    const { config } = this;
    const tracer = provider.getTracer(this.scope.name, this.scope.version);
    this.parts = {
      calls: new CallTraces(tracer, config),
      requests: new RequestTraces(tracer, config),
      handlings: new HandlingTraces(tracer, config),
    };
    return true;
  }

  emit(call: EmittedCall): CallTrace {
    return safely(() => this.parts!.calls.emit(call)) ?? withoutTrace(call.shares);
  }

  pack(calls: readonly CallTrace[], queue: TracedQueue, since: number): CallTrace {
    return safely(() => this.parts!.calls.pack(calls, queue, since)) ?? withoutTrace(false);
  }

  request(request: TracedRequest): RequestTrace {
    return safely(() => this.parts!.requests.begin(request)) ?? UNTRACED;
  }

  handle(handling: TracedHandling): HandlingTrace {
    return safely(() => this.parts!.handlings.begin(handling)) ?? NOT_FOLLOWED;
  }

  decide(message: ReceivedMessage, decision: TracedDecision): void {
    safely(() => this.parts!.handlings.decide(message, decision));
  }

  untraced<T>(start: () => T): T {
    return UNTRACED.run(start);
  }
}

/** True for the global provider before an SDK is registered: it has nothing to delegate to. */
function isWaiting(provider: TracerProvider): boolean {
  const { getDelegateTracer } = provider as Partial<ProxyTracerProvider>;
  return getDelegateTracer !== undefined && getDelegateTracer.call(provider, 'nestjs-sqs-thrift') === undefined;
}

const NOT_FOLLOWED: HandlingTrace = { records: false, run: (start) => start(), end: () => undefined };
