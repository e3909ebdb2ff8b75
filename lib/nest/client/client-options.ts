import type { SnsTopicOptions } from '../../carriers/sqs/sns/sns-topic-options.js';
import type { SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import type { OptionNames } from '../../common/option-names.js';
import { EVENT_CODEC_OPTION_NAMES, type EventCodecOptions } from '../../event/event-codec.js';
import type { ThriftService } from '../../idl/schema.js';
import { PUBLISH_OPTION_NAMES, type PublishOptions } from '../../publish/publish-options.js';
import type { QueuePrefixOption } from '../../queue/derived-names.js';

/**
 * Configures every client over a queue.
 *
 * @publicApi
 */
export interface BaseThriftClientOptions extends PublishOptions, EventCodecOptions {
  /** Sets the IDL service or services whose oneway methods are called. */
  readonly service: ThriftService | readonly ThriftService[];
}

/**
 * Configures {@link ClientSqsThrift}.
 *
 * @publicApi
 */
export interface ClientSqsThriftOptions
  extends BaseThriftClientOptions, QueuePrefixOption, Omit<SqsQueueOptions, 'queue' | 'envelope'> {
  /**
   * Sets the queue, by name, URL or ARN, for methods without `sqs.queue` in their contract. If the
   * contract has methods of this kind, `queue` or `topic` is required.
   */
  readonly queue?: string | undefined;
  /**
   * Sets the ARN of an Amazon SNS topic, instead of `queue`. Each queue that is subscribed to the
   * topic gets every call. A call takes at most 256 KiB unless the topic accepts more, and cannot
   * have a delay. Requires the package @aws-sdk/client-sns.
   */
  readonly topic?: string | undefined;
  /**
   * Sets the client of the topic, as `client` does for queues: an SDK client for SNS or its
   * configuration.
   */
  readonly topicClient?: SnsTopicOptions['client'] | undefined;
  /**
   * Maps queue names of the contract to names, URLs or ARNs: `{ backup: 'staging-backup' }`.
   * Default: the names in the contract, behind `queuePrefix`.
   */
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
}

/** Names every option of {@link BaseThriftClientOptions}, for the client of a carrier. */
export const CLIENT_OPTION_NAMES = {
  ...PUBLISH_OPTION_NAMES,
  ...EVENT_CODEC_OPTION_NAMES,
  service: true,
} satisfies OptionNames<BaseThriftClientOptions>;

/** Names the options that a client hands to each of its queues. */
export const CLIENT_QUEUE_OPTION_NAMES = {
  region: true,
  endpoint: true,
  credentials: true,
  client: true,
  dataPath: true,
  timeouts: true,
  md5: true,
  largePayloads: true,
} satisfies OptionNames<Omit<SqsQueueOptions, 'queue' | 'envelope'>>;

/** Names every option of {@link ClientSqsThriftOptions}. */
export const CLIENT_SQS_OPTION_NAMES = {
  ...CLIENT_OPTION_NAMES,
  ...CLIENT_QUEUE_OPTION_NAMES,
  queue: true,
  topic: true,
  topicClient: true,
  queueNames: true,
  queuePrefix: true,
} satisfies OptionNames<ClientSqsThriftOptions>;
