import type { Connection } from 'thrift';
import type { SendOptions } from '../publish/outgoing-message.js';
import { type Clock, systemClock } from '../queue/clock.js';
import type { MessageSender } from '../queue/queue.js';
import { openSqsQueue } from '../carriers/sqs/open-sqs-queue.js';
import { apacheConnection, type CallSink } from './apache-connection.js';
import { CallBuffer, type SqsThriftTransportOptions, type ThriftTransportOptions } from './call-buffer.js';

interface WrittenCall {
  readonly method: string;
  readonly bytes: Buffer;
}

/**
 * Sends the oneway calls of clients that the Apache compiler generated (`thrift --gen js:node`) as messages of a queue. A flush, with
 * which every generated method ends, hands the call over: it is batched, tried again and bounded as the calls of the Nest client are.
 *
 * What a generated method returns ends with that. Whether the queue has stored the call is told by {@link sent}, {@link flushed} and
 * `onError`. What cannot be written at all, a value that does not fit or a method that is not oneway, is an error of the generated
 * method itself: it throws when it was given a callback, and rejects what it returns when it was not.
 *
 * @example
 * const transport = await SqsThriftTransport.open({ queue: 'backup' });
 * const client = thrift.createClient(BackupQueue, transport.connection());
 * client.startBackup(request);
 * await transport.close();
 */
export class SqsThriftTransport {
  private last: Promise<string> | undefined;

  private constructor(
    private readonly sendBuffer: CallBuffer,
    private readonly beside: SendOptions,
  ) {}

  /**
   * Opens an SQS queue to send to. Rejects with QueueError as {@link openSqsQueue} does, within 5 seconds; with RangeError or TypeError
   * for an option that is not acceptable; with PublishError for `pack` on a FIFO queue.
   */
  static open(options: SqsThriftTransportOptions): Promise<SqsThriftTransport> {
    return SqsThriftTransport.openWith(() => openSqsQueue(options), options);
  }

  /** {@link open} for any other queue or topic; `open` is tried again when it fails for a reason that may pass. */
  static async openWith(
    open: () => Promise<MessageSender>,
    options: ThriftTransportOptions = {},
    clock: Clock = systemClock,
  ): Promise<SqsThriftTransport> {
    const sendBuffer = new CallBuffer(open, options, clock);
    await sendBuffer.connect();
    return new SqsThriftTransport(sendBuffer, {});
  }

  /**
   * The message id of the last call made through this transport, once it is stored; undefined before the first, and when the last one
   * could not be written. Rejects with PublishError or QueueError. May be left alone. Read it in the turn of the call: what a generated
   * method returns tells nothing of it, and to await that first gives others time to call.
   */
  get sent(): Promise<string> | undefined {
    return this.last;
  }

  /**
   * The same queue, with what shall travel beside the calls: group id, deduplication id, delay, attributes. What is left out stays as it
   * is. Costs little, so that there may be one for each call.
   */
  with(beside: SendOptions): SqsThriftTransport {
    const { attributes } = beside;
    const copy: SendOptions = { ...beside, ...(attributes && { attributes: { ...attributes } }) };
    return new SqsThriftTransport(this.sendBuffer, { ...this.beside, ...copy });
  }

  /**
   * What `thrift.createClient(Service, connection)` and `new thrift.Multiplexer().createClient(name, Service, connection)` take. It is
   * for them alone: there is no socket behind it.
   */
  connection(): Connection {
    return apacheConnection(this.sendBuffer.protocol, () => this.sink());
  }

  /**
   * Resolves when the queue has stored all calls that were made, those of {@link with} too. Rejects, once none is under way any more,
   * with the first failure since the last time it was asked.
   */
  flushed(): Promise<void> {
    return this.sendBuffer.flushed();
  }

  /**
   * Sends what waits within `flushTimeoutMs`, gives up the rest and closes the queue, for every transport of {@link with} too. Never
   * rejects for calls that failed; calls made later fail with the PublishError `closed`. Idempotent.
   */
  close(): Promise<void> {
    return this.sendBuffer.close();
  }

  private sink(): CallSink {
    let written: WrittenCall[] = [];
    return {
      begin: () => (this.last = undefined),
      take: (method, bytes) => written.push({ method, bytes }),
      flush: () => {
        const calls = written;
        written = [];
        for (const { method, bytes } of calls) this.last = this.sendBuffer.post(method, bytes, this.beside);
      },
    };
  }
}
