import type { SnsTopicOptions } from '../../carriers/sqs/sns/sns-topic-options.js';
import type { SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import type { EventCodecOptions } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';
import type { PublishOptions } from '../../publish/publish-options.js';

/** Options of every client over a queue. */
export interface BaseThriftClientOptions extends PublishOptions, EventCodecOptions {
  /** The service or services of the IDL whose oneway methods are called. */
  readonly service: ThriftService | readonly ThriftService[];
}

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
