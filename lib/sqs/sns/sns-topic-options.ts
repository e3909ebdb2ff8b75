import type { SNSClient, SNSClientConfig } from '@aws-sdk/client-sns';
import { checkTimeouts, resolveAccess, type ResolvedAccess } from '../access-options.js';
import type { SqsTimeouts } from '../sqs-queue-options.js';
import { parseTopicArn, type TopicArn } from './topic-arn.js';

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
