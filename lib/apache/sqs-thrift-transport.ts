import type { SendOptions } from '../publish/outgoing-message.js';
import { checkSendOptions } from '../publish/send-options.js';
import type { CostedBytes } from '../thrift/messages.js';
import { type Clock, systemClock } from '../queue/clock.js';
import type { MessageSender } from '../queue/queue.js';
import { openSqsQueue } from '../carriers/sqs/open-sqs-queue.js';
import { SQS_QUEUE_OPTION_NAMES } from '../carriers/sqs/sqs-queue-options.js';
import { checkOptionNames, pickOptions } from '../common/option-names.js';
import { type ApacheConnection, apacheConnection, type CallSink } from './apache-connection.js';
import {
  CallBuffer,
  SQS_TRANSPORT_OPTION_NAMES,
  type SqsThriftTransportOptions,
  type ThriftTransportOptions,
  TRANSPORT_OPTION_NAMES,
} from './call-buffer.js';

interface WrittenCall {
  readonly method: string;
  readonly call: CostedBytes;
}

/**
 * Sends the oneway calls of clients that the Apache compiler generated (`thrift --gen js:node`) as
 * queue messages. Every generated method ends with a flush, which hands the call over. The
 * transport batches, retries and limits calls as the Nest client does.
 *
 * The return value of a generated method covers only the hand-over. {@link sent}, {@link flushed}
 * and `onError` report if the queue stored the call. A value that does not fit or a method that is
 * not oneway cannot be written. The generated method itself then fails: with a callback it throws,
 * without a callback its promise rejects.
 *
 * @example
 * const transport = await SqsThriftTransport.open({ queue: 'backup' });
 * const client = thrift.createClient(BackupQueue, transport.connection());
 * client.startBackup(request);
 * await transport.close();
 * @publicApi
 */
export class SqsThriftTransport {
  private last: Promise<string> | undefined;

  private constructor(
    private readonly callBuffer: CallBuffer,
    private readonly beside: SendOptions,
  ) {}

  /**
   * Opens an SQS queue to send to. Rejects with QueueError as {@link openSqsQueue} does, within 5
   * seconds. Rejects with RangeError or TypeError for an option that is unknown or not acceptable.
   */
  static async open(options: SqsThriftTransportOptions): Promise<SqsThriftTransport> {
    checkOptionNames('SqsThriftTransport', options, SQS_TRANSPORT_OPTION_NAMES);
    const queueOptions = pickOptions(options, SQS_QUEUE_OPTION_NAMES);
    return SqsThriftTransport.openWith(() => openSqsQueue(queueOptions), pickOptions(options, TRANSPORT_OPTION_NAMES));
  }

  /**
   * Works as {@link open} for any other queue or topic. Retries `open` after a temporary failure.
   */
  static async openWith(
    open: () => Promise<MessageSender>,
    options: ThriftTransportOptions = {},
    clock: Clock = systemClock,
  ): Promise<SqsThriftTransport> {
    checkOptionNames('SqsThriftTransport', options, TRANSPORT_OPTION_NAMES);
    const callBuffer = new CallBuffer(open, options, clock);
    await callBuffer.connect();
    return new SqsThriftTransport(callBuffer, {});
  }

  /**
   * Message id of the last call through this transport, once the call is stored. Undefined before
   * the first call, and if the last call could not be written. Rejects with PublishError or
   * QueueError. An ignored rejection does no harm.
   *
   * Read this property synchronously after the call. Awaiting the generated method first gives
   * other callers time to call. The result of the generated method says nothing about storage.
   */
  get sent(): Promise<string> | undefined {
    return this.last;
  }

  /**
   * Returns a transport for the same queue with other send options: group id, deduplication id,
   * delay, attributes. Omitted options stay unchanged. The method is cheap enough to use for each
   * call.
   *
   * @throws TypeError an option is unknown, or the attributes are no object
   */
  with(beside: SendOptions): SqsThriftTransport {
    const given = Object.entries(checkSendOptions('with', beside)).filter(([, value]) => value !== undefined);
    const { attributes, ...options } = Object.fromEntries(given) as SendOptions;
    const copy: SendOptions = { ...options, ...(attributes && { attributes: { ...attributes } }) };
    return new SqsThriftTransport(this.callBuffer, { ...this.beside, ...copy });
  }

  /**
   * Creates the connection for `thrift.createClient(Service, connection)` and
   * `new thrift.Multiplexer().createClient(name, Service, connection)`. The connection works only
   * with these functions, because it has no socket.
   */
  connection(): ApacheConnection {
    return apacheConnection(this.callBuffer.protocol, () => this.sink());
  }

  /**
   * Resolves when the queue has stored all calls, including those of {@link with}. Otherwise
   * rejects once no call is in progress, with the first failure since the last `flushed`.
   */
  flushed(): Promise<void> {
    return this.callBuffer.flushed();
  }

  /**
   * Sends waiting calls within `flushTimeoutMs`, gives up the rest and closes the queue. Applies to
   * every transport of {@link with} too. Never rejects for failed calls. Later calls fail with the
   * PublishError `closed`. Idempotent.
   */
  close(): Promise<void> {
    return this.callBuffer.close();
  }

  private sink(): CallSink {
    let written: WrittenCall[] = [];
    return {
      begin: () => (this.last = undefined),
      take: (method, call) => written.push({ method, call }),
      flush: () => {
        const calls = written;
        written = [];
        for (const { method, call } of calls) this.last = this.callBuffer.post(method, call, this.beside);
      },
    };
  }
}
