import {
  PUBLISH_OPTION_NAMES,
  type PublishOptions,
  type ResolvedPublishOptions,
  resolvePublishOptions,
} from '../publish/publish-options.js';
import { SQS_QUEUE_OPTION_NAMES, type SqsQueueOptions } from '../carriers/sqs/sqs-queue-options.js';
import type { OptionNames } from '../common/option-names.js';
import type { ProtocolName } from '../thrift/protocol.js';
import type { TransportEvent } from '../diagnostics/transport-event.js';
import { createEventSink } from '../diagnostics/event-sink.js';
import { bodyBytes, toBody } from '../event/body.js';
import { DEFAULT_LIMITS } from '../thrift/limits.js';
import type { CostedBytes } from '../thrift/messages.js';
import { SendBuffer } from '../publish/send-buffer.js';
import type { CallContent, SendOptions } from '../publish/outgoing-message.js';
import { choiceOption, typeOption } from '../queue/options.js';
import type { Clock } from '../queue/clock.js';
import type { QueueFeatures, MessageSender } from '../queue/queue.js';

/**
 * Options of a transport over any queue.
 *
 * @publicApi
 */
export interface ThriftTransportOptions extends PublishOptions {
  /** Protocol that calls are written in. Default `binary`. */
  readonly protocol?: ProtocolName | undefined;
  /**
   * Called once for each call that was handed over and not stored, with the method of the call.
   * Default: a process warning for the first failure. Another warning follows for the first failure
   * after a call was stored again.
   */
  readonly onError?: ((error: Error, method: string) => void) | undefined;
}

/**
 * Options of {@link SqsThriftTransport.open}.
 *
 * @publicApi
 */
export interface SqsThriftTransportOptions extends ThriftTransportOptions, SqsQueueOptions {}

/** Names every option of {@link ThriftTransportOptions}. */
export const TRANSPORT_OPTION_NAMES = {
  ...PUBLISH_OPTION_NAMES,
  protocol: true,
  onError: true,
} satisfies OptionNames<ThriftTransportOptions>;

/** Names every option of {@link SqsThriftTransportOptions}. */
export const SQS_TRANSPORT_OPTION_NAMES = {
  ...TRANSPORT_OPTION_NAMES,
  ...SQS_QUEUE_OPTION_NAMES,
} satisfies OptionNames<SqsThriftTransportOptions>;

/** Passes failures to a listener. Without a listener, emits one process warning per outage. */
function failureListener(onError: ThriftTransportOptions['onError']): (event: TransportEvent) => void {
  let failing = false;
  const warn = (error: Error, queue: string, method: string): void => {
    if (failing) return;
    failing = true;
    const message = `${method} was not stored by ${queue}: ${error.message} (pass onError to receive every failure)`;
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

/** Sends serialized calls to one queue. */
export class CallBuffer {
  readonly protocol: ProtocolName;
  private readonly options: ResolvedPublishOptions;
  private readonly sendBuffer: SendBuffer;
  /** Body type of the queue, known once the queue is open. No call is posted before. */
  private kind: QueueFeatures['body'] = 'text';
  private readonly unsettled = new Set<Promise<string>>();
  /** First failure that {@link flushed} has not reported. */
  private failure: Error | undefined;

  /** @throws RangeError, TypeError an option is invalid */
  constructor(open: () => Promise<MessageSender>, options: ThriftTransportOptions, clock: Clock) {
    const protocol = choiceOption('protocol', options.protocol, ['binary', 'compact', 'json']);
    this.protocol = protocol;
    typeOption('onError', options.onError, 'function');
    this.options = resolvePublishOptions(options);
    this.sendBuffer = new SendBuffer({
      open,
      clock,
      options: this.options,
      wrapping: {
        limits: DEFAULT_LIMITS,
        toBody: (calls) => toBody(protocol, this.kind, calls),
        bodyBytes: (callBytes) => bodyBytes(protocol, this.kind, callBytes),
      },
      report: createEventSink([failureListener(options.onError)]),
    });
  }

  /** Opens the queue. Rejects with the error of the opening. */
  async connect(): Promise<void> {
    const { features } = await this.sendBuffer.connect();
    this.kind = features.body;
  }

  /** Posts a call as {@link SendBuffer.post} does. */
  post(method: string, call: CostedBytes, beside: SendOptions): Promise<string> {
    const content: CallContent = this.options.pack
      ? { type: 'call', ...call }
      : { type: 'body', body: toBody(this.protocol, this.kind, call.bytes) };
    const sent = this.sendBuffer.post({ method, beside, content });
    this.unsettled.add(sent);
    sent.then(
      () => this.unsettled.delete(sent),
      (error: Error) => {
        this.unsettled.delete(sent);
        this.failure ??= error;
      },
    );
    return sent;
  }

  /**
   * Resolves when all calls so far are stored. Otherwise rejects with the first unreported failure,
   * once no call is in progress.
   */
  async flushed(): Promise<void> {
    await Promise.allSettled(this.unsettled);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }

  /** Closes the queue as {@link SendBuffer.close} does. */
  close(): Promise<void> {
    return this.sendBuffer.close();
  }
}
