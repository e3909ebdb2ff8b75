import type { Delivery } from '../../consume/delivery.js';
import type { OnewayCall } from '../../event/contract.js';
import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { openSqsQueue } from '../../carriers/sqs/open-sqs-queue.js';
import {
  resolveSqsQueueOptions,
  SQS_QUEUE_OPTION_NAMES,
  type SqsQueueOptions,
} from '../../carriers/sqs/sqs-queue-options.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import { queueName } from '../queue-name.js';
import { type QueuePrefixOption, withPrefix } from '../../queue/derived-names.js';
import { SqsThriftContext } from '../thrift.context.js';
import { type BaseThriftServerOptions, SERVER_OPTION_NAMES } from './server-options.js';
import { BaseThriftServer } from './base-thrift-server.js';
import { checkDeadLetterQueue, soleQueue } from './queue-option.js';

/**
 * Configures {@link ServerSqsThrift}.
 *
 * @publicApi
 */
export interface ServerSqsThriftOptions
  extends BaseThriftServerOptions, QueuePrefixOption, Omit<SqsQueueOptions, 'queue'> {
  /**
   * Sets the queue, by name, URL or ARN. Default: the queue that the contract names for all methods
   * (`sqs.queue`).
   */
  readonly queue?: string | undefined;
  /**
   * Sets the queue for copies of rejected messages, by name, URL or ARN. Required with
   * `poisonPolicy: 'dead-letter'`, and an error with any other policy.
   */
  readonly deadLetterQueue?: string | undefined;
}

const OPTION_NAMES = {
  ...SERVER_OPTION_NAMES,
  ...SQS_QUEUE_OPTION_NAMES,
  deadLetterQueue: true,
  queuePrefix: true,
} satisfies OptionNames<ServerSqsThriftOptions>;

/**
 * Handles Thrift oneway calls from an SQS queue.
 *
 * @example
 * const strategy = new ServerSqsThrift({ queue: 'backup', service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
 * @publicApi
 */
export class ServerSqsThrift extends BaseThriftServer {
  private readonly source: SqsQueueOptions;

  /** @throws TypeError, RangeError, QueueError an option is unknown or not acceptable */
  constructor(
    private readonly options: ServerSqsThriftOptions,
    clock?: Clock,
  ) {
    super(checkOptionNames('ServerSqsThrift', options, OPTION_NAMES), clock);
    const { queue: name = soleQueue(this.codec.contract, 'name, URL or ARN') } = options;
    const queue = withPrefix(name, options.queuePrefix);
    this.source = { ...pickOptions(options, SQS_QUEUE_OPTION_NAMES), queue };
    resolveSqsQueueOptions(this.source);
    checkDeadLetterQueue(options);
    queueName('deadLetterQueue', options.deadLetterQueue);
  }

  protected override openQueue(): Promise<Queue> {
    return openSqsQueue(this.source);
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    return openSqsQueue({ ...this.source, queue: withPrefix(this.options.deadLetterQueue!, this.options.queuePrefix) });
  }

  protected override createContext(call: OnewayCall, delivery: Delivery): SqsThriftContext {
    return new SqsThriftContext(call, delivery);
  }
}
