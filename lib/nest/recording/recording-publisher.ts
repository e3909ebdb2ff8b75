import type { OnewayCall } from '../../event/contract.js';
import { withinBudget } from '../../publish/attribute-budget.js';
import { callEvent, quiet } from '../../publish/call-result.js';
import type { SendOptions } from '../../publish/outgoing-message.js';
import { PublishError } from '../../publish/publish-error.js';
import { Publisher, type PublisherParts } from '../../publish/publisher.js';
import type { PostedCall } from '../../publish/send-buffer.js';
import type { CallTrace } from '../../diagnostics/tracer.js';
import type { TraceAttributes } from '../../publish/trace-context.js';
import { checkMessage } from '../../publish/wire-check.js';
import { messageBytes } from '../../queue/wire-message.js';
import type { MessageSender, QueueFeatures, QueueLimits } from '../../queue/queue.js';
import type { RecordedCall } from './recorded-call.js';

/** Returns the error of a call that fails by script; undefined lets the call succeed. */
export type CallFault = (call: RecordedCall) => Error | undefined;

const LIMITS: QueueLimits = {
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  attributes: 10,
  leaseSeconds: 43_200,
};

/** Encodes and checks calls as a publisher on SQS does, and records them in place of sending them. */
export class RecordingPublisher extends Publisher {
  readonly calls: RecordedCall[] = [];
  fault: CallFault = () => undefined;
  private closed = false;

  /** @param queueOf gives the queue of calls by its name in the contract */
  constructor(
    parts: PublisherParts,
    private readonly queueOf: (name: string | undefined) => string,
  ) {
    super(parts);
  }

  override check(): Promise<void> {
    return this.connect();
  }

  override connect(): Promise<void> {
    return this.closed ? Promise.reject(closedError()) : Promise.resolve();
  }

  override close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  override publish(call: OnewayCall, beside: SendOptions = {}, tracing?: TraceAttributes): Promise<string> {
    const traced: { trace?: CallTrace | undefined } = {};
    try {
      const { recorded, queue } = this.checked(call, beside, tracing, traced);
      const error = this.fault(recorded);
      if (error !== undefined) throw error;
      const messageId = `recorded-${this.calls.push(recorded)}`;
      traced.trace?.end({ name: queue }, { ok: true, id: messageId });
      this.parts.report(callEvent(queue, recorded.method, { ok: true, id: messageId }, 0));
      return quiet(Promise.resolve(messageId));
    } catch (error) {
      traced.trace?.end(undefined, { ok: false, error });
      return this.refuse(call.method, error as Error);
    }
  }

  override publishWhenRoom(call: OnewayCall, beside?: SendOptions, tracing?: TraceAttributes): Promise<PostedCall> {
    return Promise.resolve({ stored: this.publish(call, beside, tracing) });
  }

  /** @throws ContractError, ThriftCodecError, PublishError the call would fail on SQS as well */
  private checked(
    call: OnewayCall,
    options: SendOptions,
    given: TraceAttributes | undefined,
    traced: { trace?: CallTrace | undefined },
  ): { recorded: RecordedCall; queue: string } {
    if (this.closed) throw closedError();
    const { codec } = this.parts;
    const target = codec.method(call.method, call.service);
    const { beside: own, tracing, trace } = this.pendingCall(call, target, options, given);
    traced.trace = trace;
    const body = target.encodeBody(call.args, 'text');
    const queue = this.queueOf(target.route.queue);
    const sender = recordedQueue(queue);
    const bodyBytes = (): number => messageBytes({ body });
    const { beside } = withinBudget({ beside: own, eventIds: false, tracing, bodyBytes }, sender);
    checkMessage({ ...beside, body }, sender, call.method);
    const { service, method, args } = codec.decode(body)[0]!;
    return { recorded: { service: service!, method, args, options: beside }, queue };
  }
}

/** Describes the queue whose rules a call must keep: those of SQS, FIFO by its name. */
function recordedQueue(name: string): MessageSender {
  const ordered = name.endsWith('.fifo');
  const features: QueueFeatures = {
    persistent: false,
    leases: true,
    ordered,
    attributes: true,
    delay: !ordered,
    longPolling: true,
    abortableReceive: true,
    resend: true,
    body: 'text',
  };
  return { name, features, limits: LIMITS, send: () => Promise.resolve([]), close: () => Promise.resolve() };
}

function closedError(): PublishError {
  return new PublishError('closed', 'the recording client is closed. Emit before close().');
}
