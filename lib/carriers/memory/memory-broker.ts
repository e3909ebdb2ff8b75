import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import { numberOption } from '../../queue/options.js';
import type { Queue } from '../../queue/queue.js';
import { createMemoryQueue, type MemoryQueue } from './memory-queue.js';
import { deadLetterQueueName } from '../../queue/derived-names.js';
import type { MemoryQueueOptions } from './memory-queue-options.js';
import type { PendingSender } from './queue-watch.js';

/**
 * Options of {@link MemoryBroker}.
 *
 * @publicApi
 */
export interface MemoryBrokerOptions {
  /**
   * Clock of all queues, and of the clients and strategies on them. Default: the machine's clock.
   * Tests pass a {@link VirtualClock}.
   */
  readonly clock?: Clock | undefined;
}

const BROKER_NAMES = { clock: true } satisfies OptionNames<MemoryBrokerOptions>;

/**
 * Options of {@link MemoryBroker.createQueue}.
 *
 * @publicApi
 */
export interface BrokerQueueOptions extends Pick<
  MemoryQueueOptions,
  'contentBasedDeduplication' | 'delaySeconds' | 'limits'
> {
  /**
   * True to create a dead-letter queue too, and a redrive policy that moves messages there. The
   * queue `orders` gets `orders-dlq`, and `orders.fifo` gets `orders-dlq.fifo`. Default false.
   */
  readonly deadLetterQueue?: boolean | undefined;
  /**
   * Number of receives after which a message moves to the dead-letter queue. Needs
   * `deadLetterQueue`. 1 to 1 000, default 3.
   */
  readonly maxReceiveCount?: number | undefined;
}

const QUEUE_NAMES = {
  contentBasedDeduplication: true,
  delaySeconds: true,
  limits: true,
  deadLetterQueue: true,
  maxReceiveCount: true,
} satisfies OptionNames<BrokerQueueOptions>;

/** Describes the owner of an end of a queue. */
export interface EndOwner {
  /** True for a strategy, which receives. A client only sends. */
  readonly receives: boolean;
  /** Knows the calls that a client has not sent yet. */
  readonly pending?: PendingSender;
}

/**
 * Holds queues in memory by name, as an SQS account does. Clients and strategies of one broker find
 * each other by the names of their queues. Two brokers share nothing, so tests with a broker each
 * can run at the same time.
 *
 * @example
 * const broker = new MemoryBroker();
 * const server = new ServerThriftMemory({ queue: 'backup', service: BackupQueue, broker });
 * @publicApi
 */
export class MemoryBroker {
  /** The clock of all queues. */
  readonly clock: Clock;
  protected readonly queues = new Map<string, MemoryQueue>();

  /** @throws TypeError an option is unknown */
  constructor(options: MemoryBrokerOptions = {}) {
    this.clock = checkOptionNames('MemoryBroker', options, BROKER_NAMES).clock ?? systemClock;
  }

  /**
   * Creates a queue with options, FIFO if its name ends in `.fifo`. A queue without options needs no
   * creation.
   *
   * @throws TypeError the queue exists, or an option is unknown
   * @throws RangeError, QueueError an option is not acceptable
   */
  createQueue(name: string, options: BrokerQueueOptions = {}): MemoryQueue {
    const {
      deadLetterQueue = false,
      maxReceiveCount,
      ...others
    } = checkOptionNames('createQueue', options, QUEUE_NAMES);
    if (this.queues.has(name)) {
      throw new TypeError(`the queue "${name}" exists already; create it before anything else uses its name`);
    }
    if (!deadLetterQueue && maxReceiveCount !== undefined) {
      throw new TypeError('option maxReceiveCount needs deadLetterQueue: true');
    }
    const redrive = deadLetterQueue && {
      maxReceiveCount: numberOption('maxReceiveCount', maxReceiveCount, 3, 1, 1_000),
      deadLetterQueue: this.queue(deadLetterQueueName(name)),
    };
    return this.add(name, { ...others, ...(redrive && { redrive }) });
  }

  /** Returns a queue by its name. The first use of a name creates the queue. */
  queue(name: string): MemoryQueue {
    return this.queues.get(name) ?? this.add(name, {});
  }

  /**
   * Resolves once all queues are idle, so everything emitted so far was settled, and everything that
   * its handlers emitted. See {@link MemoryQueue.untilIdle}.
   */
  async untilIdle(): Promise<void> {
    const all = (): MemoryQueue[] => [...this.queues.values()];
    do {
      for (const queue of all()) await queue.untilIdle();
    } while (!all().every((queue) => queue.isIdle));
  }

  /**
   * Opens an end of a queue for a client or a strategy.
   *
   * @internal
   */
  open(name: string, { pending }: EndOwner): Queue {
    return this.queue(name).open({ ...(pending && { pending }) });
  }

  private add(name: string, options: Omit<MemoryQueueOptions, 'name' | 'clock' | 'fifo'>): MemoryQueue {
    const queue = createMemoryQueue({ ...options, name, clock: this.clock, fifo: name.endsWith('.fifo') });
    this.queues.set(name, queue);
    return queue;
  }
}
