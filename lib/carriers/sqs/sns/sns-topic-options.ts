import type { OptionNames } from '../../../common/option-names.js';
import {
  checkNames,
  checkTimeouts,
  resolveAccess,
  type ResolvedAccess,
  type SdkClientConfig,
  type SdkClientLike,
} from '../access-options.js';
import type { SqsTimeouts } from '../sqs-queue-options.js';
import { parseTopicArn, type TopicArn } from './topic-arn.js';
import type { QueueFeatures, QueueLimits } from '../../../queue/queue.js';

/** Limits the time of requests to a topic. */
type SnsTopicTimeouts = Pick<SqsTimeouts, 'openMs' | 'requestMs'>;

/**
 * Options of {@link openSnsTopic}.
 *
 * @publicApi
 */
export interface SnsTopicOptions {
  /** ARN of the topic. */
  readonly topic: string;
  /**
   * Region that requests are signed for. Default: the region in the ARN. Any other region is an
   * error.
   */
  readonly region?: string | undefined;
  /**
   * URL that requests go to, for example `http://127.0.0.1:4566`. Default: AWS_ENDPOINT_URL_SNS,
   * AWS_ENDPOINT_URL or the profile's `endpoint_url`, else AWS itself.
   */
  readonly endpoint?: string | undefined;
  /**
   * Access keys or a credential provider. Default: the SDK's credential chain (environment,
   * profile, web identity, container, instance).
   */
  readonly credentials?: SdkClientConfig['credentials'] | undefined;
  /**
   * Further configuration for the SDK's client, or a ready client. The library uses a ready client
   * as it is and never destroys the client. A ready client brings its own region, endpoint,
   * credentials, retries and connection limit.
   */
  readonly client?: SdkClientLike | SdkClientConfig | undefined;
  /**
   * Timeouts as for a queue. `openMs` limits opening the topic; default 4500. `requestMs` limits
   * one request of up to ten messages; default 5000.
   */
  readonly timeouts?: SnsTopicTimeouts | undefined;
}

const NAMES = {
  topic: true,
  region: true,
  endpoint: true,
  credentials: true,
  client: true,
  timeouts: true,
} satisfies OptionNames<SnsTopicOptions>;

const TIMEOUT_NAMES = { openMs: true, requestMs: true } satisfies OptionNames<SnsTopicTimeouts>;

/** {@link SnsTopicOptions} with all defaults applied. */
export interface ResolvedSnsTopicOptions extends ResolvedAccess<SdkClientLike, SdkClientConfig> {
  readonly arn: string;
  readonly topic: TopicArn;
  readonly timeouts: { readonly openMs: number; readonly requestMs: number };
}

/** @throws QueueError of kind `invalid` */
export function resolveSnsTopicOptions(options: SnsTopicOptions): ResolvedSnsTopicOptions {
  checkNames('openSnsTopic', options, NAMES, { queue: '' });
  const topic = parseTopicArn(options.topic, 'topic');
  if (options.timeouts !== undefined) {
    checkNames('', options.timeouts, TIMEOUT_NAMES, { queue: topic.name, within: 'timeouts' });
  }
  const { openMs = 4500, requestMs = 5000 } = options.timeouts ?? {};
  const timeouts = { openMs, requestMs };
  checkTimeouts(topic.name, timeouts);
  return Object.freeze({
    arn: options.topic,
    topic,
    ...resolveAccess<SdkClientLike, SdkClientConfig>({ queue: topic.name, service: 'SNS' }, options),
    timeouts,
  });
}

export interface TopicProperties {
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
}

/**
 * 256 KiB, for one message and for all messages of a request. The attribute MaximumMessageSize
 * overrides this default (SNS, PublishBatch).
 */
const DEFAULT_BYTES = 262_144;

/**
 * Reads the attributes of a topic. Any attribute may be missing. Only the names of FIFO topics end
 * in `.fifo`.
 */
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
      abortableReceive: false,
      resend: false,
      body: 'text',
    },
    limits: {
      messageBytes: bytes,
      batchBytes: bytes,
      batchEntries: 10,
      // A topic accepts more attributes. Raw message delivery discards a message with more than 10
      // (SNS, raw message delivery).
      attributes: 10,
      leaseSeconds: 0,
    },
  };
}
