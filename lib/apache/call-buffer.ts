import { type PublishOptions, type ResolvedPublishOptions, resolvePublishOptions } from '../publish/publish-options.js';
import type { SqsQueueOptions } from '../carriers/sqs/sqs-queue-options.js';
import type { ProtocolName } from '../thrift/protocol.js';
import type { TransportEvent } from '../diagnostics/transport-event.js';
import { createEventSink, type EventSink } from '../diagnostics/event-sink.js';
import { bodyBytes, toBody } from '../event/body.js';
import { type CallResult, SendBuffer } from '../publish/send-buffer.js';
import type { PendingCall, SendOptions } from '../publish/outgoing-message.js';
import { choiceOption } from '../queue/options.js';
import type { Clock } from '../queue/clock.js';
import type { QueueFeatures, MessageSender } from '../queue/queue.js';

/** Options of a transport over any queue. */
export interface ThriftTransportOptions extends PublishOptions {
  /** The protocol that calls are written in. Default `binary`. */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Told of each call that was handed over and not stored, once, with its method. Default: a warning of the process for the first one,
   * and for the first after a call was stored again.
   */
  readonly onError?: ((error: Error, method: string) => void) | undefined;
}

/** Options of {@link SqsThriftTransport.open}. */
export interface SqsThriftTransportOptions extends ThriftTransportOptions, SqsQueueOptions {}

/** Brings failures to a listener; without one they are warnings of the process, one an outage. */
function failureListener(onError: ThriftTransportOptions['onError']): (event: TransportEvent) => void {
  let failing = false;
  const warn = (error: Error, queue: string, method: string): void => {
    if (failing) return;
    failing = true;
    const message = `${method} was not stored by ${queue}: ${error.message} (give onError to be told of each)`;
    process.emitWarning(message, { type: 'SqsThriftTransportWarning' });
  };
  return (event) => {
    if (event.type === 'stored') failing = false;
    if (event.type !== 'emit-failed') return;
    const { queue, method } = event;
    const error = event.error as Error;
    if (onError) onError(error, method);
    else warn(error, queue, method);
  };
}

/** Calls that are bytes already, on their way to one queue. */
export class CallBuffer {
  readonly protocol: ProtocolName;
  private readonly options: ResolvedPublishOptions;
  private readonly report: EventSink;
  private readonly sendBuffer: SendBuffer;
  /** What the bodies of the queue are, which is known once it is open; no call is posted before. */
  private kind: QueueFeatures['body'] = 'text';
  private readonly unsettled = new Set<Promise<string>>();
  /** The first failure that {@link flushed} has not told of. */
  private failure: Error | undefined;

  /** @throws RangeError, TypeError an option is not acceptable */
  constructor(open: () => Promise<MessageSender>, options: ThriftTransportOptions, clock: Clock) {
    const protocol = choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
    this.protocol = protocol;
    this.options = resolvePublishOptions(options);
    this.report = createEventSink(failureListener(options.onError));
    this.sendBuffer = new SendBuffer({
      open,
      clock,
      options: this.options,
      wrapping: {
        toBody: (calls) => toBody(protocol, this.kind, calls),
        bodyBytes: (callBytes) => bodyBytes(protocol, this.kind, callBytes),
      },
      ended: (method, ending) => this.ended(method, ending),
    });
  }

  /** Opens the queue. Rejects as opening does. */
  async connect(): Promise<void> {
    const { features } = await this.sendBuffer.connect();
    this.kind = features.body;
  }

  /** As {@link SendBuffer.post}. */
  post(method: string, call: Buffer, beside: SendOptions): Promise<string> {
    const content: PendingCall['content'] = this.options.pack ? { call } : toBody(this.protocol, this.kind, call);
    const sent = this.sendBuffer.post({ method, beside, content });
    this.unsettled.add(sent);
    const settled = (): unknown => this.unsettled.delete(sent);
    sent.then(settled, settled);
    return sent;
  }

  /** Resolves when all calls so far are stored; rejects, when none is under way, with the first failure not told yet. */
  async flushed(): Promise<void> {
    await Promise.allSettled(this.unsettled);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }

  /** As {@link SendBuffer.close}. */
  close(): Promise<void> {
    return this.sendBuffer.close();
  }

  private ended(method: string, ending: CallResult): void {
    const { name: queue } = this.sendBuffer;
    if (ending.ok) return this.report({ type: 'stored', queue, method, messageId: ending.id });
    this.failure ??= ending.error;
    this.report({ type: 'emit-failed', queue, method, error: ending.error });
  }
}
