import { type PublishOptions, type ResolvedPublishOptions, resolvePublishOptions } from '../publish/publish-options.js';
import type { SqsQueueOptions } from '../carriers/sqs/sqs-queue-options.js';
import type { ProtocolName } from '../thrift/protocol.js';
import type { TransportEvent } from '../diagnostics/transport-event.js';
import { createObserver, type Observer } from '../diagnostics/event-sink.js';
import { bodyBytes, toBody } from '../event/body.js';
import { type Ending, Outbox } from '../publish/send-buffer.js';
import type { Letter, SendOptions } from '../publish/outgoing-message.js';
import { choiceOption } from '../queue/options.js';
import type { Clock } from '../queue/clock.js';
import type { Features, SendPort } from '../queue/queue.js';

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
export function failureListener(onError: ThriftTransportOptions['onError']): (event: TransportEvent) => void {
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
export class CallOutbox {
  readonly protocol: ProtocolName;
  private readonly options: ResolvedPublishOptions;
  private readonly observe: Observer;
  private readonly outbox: Outbox;
  /** What the bodies of the queue are, which is known once it is open; no call is posted before. */
  private kind: Features['body'] = 'text';
  private readonly unsettled = new Set<Promise<string>>();
  /** The first failure that {@link flushed} has not told of. */
  private failure: Error | undefined;

  /** @throws RangeError, TypeError an option is not acceptable */
  constructor(open: () => Promise<SendPort>, options: ThriftTransportOptions, clock: Clock) {
    const protocol = choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
    this.protocol = protocol;
    this.options = resolvePublishOptions(options);
    this.observe = createObserver(failureListener(options.onError));
    this.outbox = new Outbox({
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
    const { features } = await this.outbox.connect();
    this.kind = features.body;
  }

  /** As {@link Outbox.post}. */
  post(method: string, call: Buffer, beside: SendOptions): Promise<string> {
    const content: Letter['content'] = this.options.pack ? { call } : toBody(this.protocol, this.kind, call);
    const sent = this.outbox.post({ method, beside, content });
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

  /** As {@link Outbox.close}. */
  close(): Promise<void> {
    return this.outbox.close();
  }

  private ended(method: string, ending: Ending): void {
    const { name: queue } = this.outbox;
    if (ending.ok) return this.observe({ type: 'stored', queue, method, messageId: ending.id });
    this.failure ??= ending.error;
    this.observe({ type: 'emit-failed', queue, method, error: ending.error });
  }
}
