import type { Clock } from '../../queue/clock.js';
import type { MessageSender } from '../../queue/queue.js';
import type { SnsTopicOptions } from '../../carriers/sqs/sns/sns-topic-options.js';
import type { SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import type { BaseThriftClientOptions } from './client-options.js';
import { BaseThriftClient } from './base-thrift-client.js';
import { resolveDestinations, type Destinations } from './destinations.js';

/** Options of {@link ClientSqsThrift}. */
export interface ClientSqsThriftOptions extends BaseThriftClientOptions, Omit<SqsQueueOptions, 'queue' | 'envelope'> {
  /**
   * The queue's name, URL or ARN, for the methods whose contract names none (`sqs.queue`). This or `topic` is needed when there are such
   * methods.
   */
  readonly queue?: string | undefined;
  /**
   * Instead of `queue`, the ARN of an Amazon SNS topic: each queue that is subscribed to it gets every call, at most 256 KiB unless the
   * topic takes more, and without a delay. Needs the package @aws-sdk/client-sns.
   */
  readonly topic?: string | undefined;
  /** As `client`, which is for queues, for the topic: a client of the SDK for SNS or what one is made from. */
  readonly topicClient?: SnsTopicOptions['client'];
  /**
   * What the queues that the contract names are called here, by name, URL or ARN: `{ backup: 'staging-backup' }`. Default: as the
   * contract calls them.
   */
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * Emits Thrift oneway calls into SQS queues, or to all queues behind an SNS topic.
 *
 * @example
 * ClientsModule.register([{ name: BACKUP, customClass: ClientSqsThrift, options: { queue: 'backup', service: BackupQueue } }]);
 */
export class ClientSqsThrift extends BaseThriftClient {
  private readonly destinations: Destinations;

  /** @throws TypeError, RangeError, QueueError an option is not acceptable */
  constructor(options: ClientSqsThriftOptions, clock?: Clock) {
    super(options, clock);
    this.destinations = resolveDestinations(options, this.codec.contract);
  }

  protected override openQueue(name: string | undefined): Promise<MessageSender> {
    return this.destinations.get(name)!();
  }
}
