import type { MemoryBroker } from '../../carriers/memory/memory-broker.js';
import type { MemoryQueue } from '../../carriers/memory/memory-queue.js';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import type { Queue } from '../../queue/queue.js';
import { BaseThriftServer } from '../server/base-thrift-server.js';
import { checkDeadLetterQueue, soleQueue } from '../server/queue-option.js';
import { type BaseThriftServerOptions, SERVER_OPTION_NAMES } from '../server/server-options.js';
import { type QueuePrefixOption, withPrefix } from '../../queue/derived-names.js';
import { type DeadLetter, readDeadLetter } from './dead-letters.js';
import { clockOf, openMemoryQueue } from './memory-queue-options.js';

/**
 * Configures {@link ServerThriftMemory}.
 *
 * @publicApi
 */
export interface ServerThriftMemoryOptions extends BaseThriftServerOptions, QueuePrefixOption {
  /**
   * Sets the queue, by name or as an object. A name that ends in `.fifo` is a FIFO queue. Default:
   * the queue that the contract names for all methods (`sqs.queue`).
   */
  readonly queue?: string | MemoryQueue | undefined;
  /**
   * Sets the queue for copies of rejected messages. Required with `poisonPolicy: 'dead-letter'`, and
   * an error with any other policy.
   */
  readonly deadLetterQueue?: string | MemoryQueue | undefined;
  /**
   * Sets the broker that holds the named queues. Default: one broker of the process, in which a
   * queue ends with its last open client or strategy, and has one strategy at most.
   */
  readonly broker?: MemoryBroker | undefined;
}

const OPTION_NAMES = {
  ...SERVER_OPTION_NAMES,
  queue: true,
  deadLetterQueue: true,
  queuePrefix: true,
  broker: true,
} satisfies OptionNames<ServerThriftMemoryOptions>;

/**
 * Handles Thrift oneway calls from a queue in memory, for end-to-end tests in one process. Behaves
 * as `ServerSqsThrift` does, with leases, retries, FIFO order and dead letters.
 *
 * @example
 * const server = new ServerThriftMemory({ queue: 'backup', service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(module, server);
 * await app.listen();
 * client.emit('startBackup', { request });
 * await server.idle();
 * @publicApi
 */
export class ServerThriftMemory extends BaseThriftServer {
  private readonly source: string | MemoryQueue;
  private memory: MemoryQueue | undefined;
  private deadLetterMemory: MemoryQueue | undefined;
  private closing: Promise<void> | undefined;
  private endWaits!: (error: Error) => void;
  private readonly closed = new Promise<never>((_, reject) => (this.endWaits = reject));

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(private readonly options: ServerThriftMemoryOptions) {
    super(checkOptionNames('ServerThriftMemory', options, OPTION_NAMES), clockOf(options));
    checkDeadLetterQueue(options);
    const { queue = soleQueue(this.codec.contract, 'name') } = options;
    this.source = withPrefix(queue, options.queuePrefix);
    this.closed.catch(() => undefined);
  }

  /**
   * Resolves once everything emitted so far was settled, and all listeners have run. Calls that wait
   * for their delay or their retry do not count; see {@link untilEmpty}.
   *
   * @throws Error the strategy does not listen yet, or is closed
   */
  idle(): Promise<void> {
    return this.whileOpen('idle', (queue) => queue.untilIdle());
  }

  /**
   * Resolves once the queue holds no message: every call was handled, removed or moved to the
   * dead-letter queue. Also waits for delays and retries.
   *
   * @throws Error the strategy does not listen yet, or is closed
   */
  untilEmpty(): Promise<void> {
    return this.whileOpen('untilEmpty', (queue) => queue.untilEmpty());
  }

  /**
   * Returns the messages of the dead-letter queue, decoded, in order of arrival. The queue is that of
   * the option `deadLetterQueue` or of the redrive policy. Changes nothing; works after `close` too.
   *
   * @throws Error the strategy does not listen yet, or has no dead-letter queue
   */
  deadLetters(): readonly DeadLetter[] {
    const queue = this.deadLetterMemory ?? this.unwrap<MemoryQueue>().deadLetterQueue;
    if (queue === undefined) {
      throw new Error(
        "the strategy has no dead-letter queue; set poisonPolicy: 'dead-letter' and deadLetterQueue, " +
          'or create the queue with broker.createQueue(name, { deadLetterQueue: true })',
      );
    }
    return queue.messages().map((message) => readDeadLetter(message, this.codec));
  }

  /**
   * Returns the queue, with its messages and its faults by script. Works after `close` too.
   *
   * @throws Error before `listen`
   */
  override unwrap<T = MemoryQueue>(): T {
    return (this.memory ?? super.unwrap()) as T;
  }

  override close(): Promise<void> {
    return (this.closing ??= super
      .close()
      .then(() => this.endWaits(new Error('the strategy is closed, and does not settle the rest of its queue'))));
  }

  protected override async openQueue(): Promise<Queue> {
    const { memory, end } = await openMemoryQueue(this.source, this.options, { receives: true });
    this.memory = memory;
    return end;
  }

  protected override async openDeadLetterQueue(): Promise<Queue> {
    const deadLetters = withPrefix(this.options.deadLetterQueue!, this.options.queuePrefix);
    const { memory, end } = await openMemoryQueue(deadLetters, this.options, { receives: false });
    this.deadLetterMemory = memory;
    return end;
  }

  private async whileOpen(name: string, wait: (queue: MemoryQueue) => Promise<void>): Promise<void> {
    if (this.memory === undefined)
      throw new Error(`the strategy does not listen yet; await app.listen() before ${name}()`);
    await Promise.race([wait(this.memory), this.closed]);
  }
}
