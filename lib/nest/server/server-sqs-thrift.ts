import type { Delivery } from '../../consume/delivery.js';
import type { Contract, OnewayCall } from '../../event/contract.js';
import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { openSqsQueue } from '../../carriers/sqs/open-sqs-queue.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import { SqsThriftContext } from '../thrift.context.js';
import type { BaseThriftServerOptions } from './server-options.js';
import { BaseThriftServer } from './base-thrift-server.js';

/** Configures {@link ServerSqsThrift}. */
export interface ServerSqsThriftOptions extends BaseThriftServerOptions, Omit<SqsQueueOptions, 'queue'> {
  /**
   * Sets the queue, by name, URL or ARN. Default: the queue that the contract names for all methods
   * (`sqs.queue`).
   */
  readonly queue?: string | undefined;
  /**
   * Sets the queue for copies of rejected messages, by name, URL or ARN. Required with
   * `poisonPolicy: 'dead-letter'`, and an error with any other policy.
   */
  readonly deadLetterQueue?: string;
}

/**
 * Handles Thrift oneway calls from an SQS queue.
 *
 * @example
 * const strategy = new ServerSqsThrift({ queue: 'backup', service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
 */
export class ServerSqsThrift extends BaseThriftServer {
  private readonly source: SqsQueueOptions;

  /** @throws TypeError, RangeError an option is not acceptable */
  constructor(
    private readonly options: ServerSqsThriftOptions,
    clock?: Clock,
  ) {
    super(options, clock);
    this.source = { ...options, queue: options.queue ?? queueOf(this.codec.contract) };
    resolveSqsQueueOptions(this.source);
    if ((options.poisonPolicy === 'dead-letter') !== (options.deadLetterQueue !== undefined)) {
      throw new TypeError("option deadLetterQueue and poisonPolicy: 'dead-letter' need each other");
    }
  }

  protected override openQueue(): Promise<Queue> {
    return openSqsQueue(this.source);
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    return openSqsQueue({ ...this.source, queue: this.options.deadLetterQueue! });
  }

  protected override createContext(call: OnewayCall, delivery: Delivery): SqsThriftContext {
    return new SqsThriftContext(call, delivery);
  }
}

function queueOf(contract: Contract): string {
  const [name, ...others] = contract.queues();
  if (name !== undefined && others.length === 0) return name;
  const why = others.length > 0 ? 'the contract has methods of several queues' : 'the contract names no queue';
  throw new TypeError(`option queue is missing, and ${why}; give the name, URL or ARN of the queue to receive from`);
}
