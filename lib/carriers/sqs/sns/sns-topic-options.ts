import type { SNSClient, SNSClientConfig } from '@aws-sdk/client-sns';
import { checkTimeouts, resolveAccess, type ResolvedAccess } from '../access-options.js';
import type { SqsTimeouts } from '../sqs-queue-options.js';
import { parseTopicArn, type TopicArn } from './topic-arn.js';
import type { QueueFeatures, QueueLimits } from '../../../queue/queue.js';

/** Options of {@link openSnsTopic}. */
export interface SnsTopicOptions {
  /** The topic's ARN. */
  readonly topic: string;
  /** The region requests are signed for. Default: the ARN's. Any other is an error. */
  readonly region?: string | undefined;
  /**
   * Where requests go, for example `http://127.0.0.1:4566`. Default: AWS_ENDPOINT_URL_SNS or AWS_ENDPOINT_URL or the profile's
   * `endpoint_url`, else AWS itself.
   */
  readonly endpoint?: string | undefined;
  /** Keys or a provider of keys. Default: the SDK's chain (environment, profile, web identity, container, instance). */
  readonly credentials?: SNSClientConfig['credentials'] | undefined;
  /**
   * Any further configuration of the SDK's client, or a ready client. A ready client is used as it is and never destroyed: it brings its
   * own region, endpoint, credentials, retries and connection limit.
   */
  readonly client?: SNSClient | SNSClientConfig | undefined;
  /** As for a queue: `openMs` to open the topic, `requestMs` for one request of up to ten messages. */
  readonly timeouts?: Pick<SqsTimeouts, 'openMs' | 'requestMs'> | undefined;
}

/** {@link SnsTopicOptions} with every default filled in. */
export interface ResolvedSnsTopicOptions extends ResolvedAccess<SNSClient, SNSClientConfig> {
  readonly arn: string;
  readonly topic: TopicArn;
  readonly timeouts: { readonly openMs: number; readonly requestMs: number };
}

/** @throws QueueError of kind `invalid` */
export function resolveSnsTopicOptions(options: SnsTopicOptions): ResolvedSnsTopicOptions {
  const topic = parseTopicArn(options.topic, 'topic');
  const { openMs = 4500, requestMs = 5000 } = options.timeouts ?? {};
  const timeouts = { openMs, requestMs };
  checkTimeouts(topic.name, timeouts);
  return Object.freeze({
    arn: options.topic,
    topic,
    ...resolveAccess<SNSClient, SNSClientConfig>(topic.name, options),
    timeouts,
  });
}

/** What a topic can do and accept. */
export interface TopicProperties {
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
}

/** 256 KiB: what one message and all messages of a request may have, unless MaximumMessageSize says otherwise (SNS, PublishBatch). */
const DEFAULT_BYTES = 262_144;

/** Reads the attributes of a topic, which may be missing. Only FIFO topics have names that end in `.fifo`. */
export function toTopicProperties(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): TopicProperties {
  const bytes = Number(attributes.MaximumMessageSize) || DEFAULT_BYTES;
  return {
    features: {
      persistent: true,
      leases: false,
      ordered: name.endsWith('.fifo'),
      attributes: true,
      delay: false,
      longPolling: false,
      body: 'text',
    },
    limits: {
      messageBytes: bytes,
      batchBytes: bytes,
      batchEntries: 10,
      // A topic takes more, but a subscription with raw delivery discards a message that has more (SNS, raw message delivery).
      attributes: 10,
      leaseSeconds: 0,
    },
  };
}
