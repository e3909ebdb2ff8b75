import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import type { OptionNames } from '../../common/option-names.js';
import { booleanFault } from '../../queue/options.js';
import {
  checkNames,
  checkTimeouts,
  type NoClient,
  refuseFault,
  resolveAccess,
  type ResolvedAccess,
} from './access-options.js';
import { type DataPathName, resolveDataPath } from './data-path-option.js';
import {
  resolveLargePayloads,
  type LargePayloadOptions,
  type ResolvedLargePayloads,
} from './extended/large-payload-options.js';
import { parseQueueReference, type QueueReference } from './queue-reference.js';
import { resolveSnsEnvelope, type ResolvedSnsEnvelope, type SnsEnvelopeOptions } from './sns/sns-envelope-options.js';

/**
 * Limits the time of requests.
 *
 * @publicApi
 */
export interface SqsTimeouts {
  /** Milliseconds to open the queue, including the search for credentials. Default 4500. */
  readonly openMs?: number | undefined;
  /**
   * Milliseconds for one send, acknowledge, release or extend, including the SDK's retry. Default
   * 5000.
   */
  readonly requestMs?: number | undefined;
  /** Milliseconds that a receive may take beyond its wait for messages. Default 5000. */
  readonly receiveExtraMs?: number | undefined;
}

/**
 * Options of {@link openSqsQueue}.
 *
 * @publicApi
 */
export interface SqsQueueOptions {
  /**
   * Name, URL or ARN of the queue. A name is looked up in the caller's own account. An ARN may name
   * a queue of another account.
   */
  readonly queue: string;
  /**
   * Region that requests are signed for, for example `eu-west-1`. Default: the region in the
   * queue's ARN or URL, else the SDK's own search (AWS_REGION, then the profile). A region that
   * contradicts the ARN or URL is an error. Older hosts of SQS count, too: `queue.amazonaws.com` is
   * us-east-1.
   */
  readonly region?: string | undefined;
  /**
   * URL that requests go to, for example `http://127.0.0.1:4566`, whatever host the queue's URL
   * names. Default: AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL or the profile's `endpoint_url`, else
   * the host of a queue URL that is not a public host of SQS (an emulator, a VPC endpoint), else AWS
   * itself. A FIPS or dual-stack host in the queue's URL counts like `useFipsEndpoint` and
   * `useDualstackEndpoint` of `client`. The SDK refuses both of these with a custom endpoint.
   */
  readonly endpoint?: string | undefined;
  /**
   * Access keys or a credential provider. Default: the SDK's credential chain (environment,
   * profile, web identity, container, instance).
   */
  readonly credentials?: SQSClientConfig['credentials'] | undefined;
  /**
   * Further configuration for the SDK's clients, or a ready client. A configuration creates two
   * clients, so long polls never hold the connections that deletes need. Both clients share a
   * `requestHandler` instance in the configuration.
   *
   * The library uses a ready client as it is and never destroys the client. A ready client brings
   * its own region, endpoint, credentials, retries and connection limit. Long polls leave a fifth of
   * its connections to other requests, so few connections limit `maxPollers`. The client must be of
   * the version of `@aws-sdk/client-sqs` that this library uses.
   */
  readonly client?: SQSClient | NoClient<SQSClientConfig> | undefined;
  /**
   * Decides who performs the requests for messages. `lean` builds and signs them in this library and
   * sends them through undici, for about a tenth of the processor time. Region, endpoint, credentials,
   * retries and user agent are those that the SDK finds. `sdk` leaves the requests to the AWS SDK, with
   * its middleware and its `requestHandler`. All other requests go through the SDK. Default: `sdk`
   * with a ready client, or with a setting in `client` that only the SDK obeys, such as
   * `requestHandler`; else the environment variable NESTJS_SQS_THRIFT_DATA_PATH; else `lean`.
   */
  readonly dataPath?: 'lean' | 'sdk' | undefined;
  readonly timeouts?: SqsTimeouts | undefined;
  /**
   * False if the MD5 digests in the answers of SQS are not checked. The digests show changes of a
   * message in transit, which TLS prevents as well. On a platform without MD5, such as Node in FIPS
   * mode, nothing is checked, and one warning says so. Default true, or the `md5` of `client`.
   */
  readonly md5?: boolean | undefined;
  /**
   * Opens the JSON envelopes of Amazon SNS and takes out the published message. Default: bodies
   * stay as sent, as with raw message delivery. The library never guesses an envelope from a body.
   */
  readonly envelope?: SnsEnvelopeOptions | undefined;
  /**
   * Stores bodies over the queue's limit in Amazon S3, on send and on receive. The format is that
   * of Amazon's extended client libraries. Needs the package @aws-sdk/client-s3. Default: a message
   * that is too large is refused.
   */
  readonly largePayloads?: LargePayloadOptions | undefined;
}

/** Names every option of {@link SqsQueueOptions}. */
export const SQS_QUEUE_OPTION_NAMES = {
  queue: true,
  region: true,
  endpoint: true,
  credentials: true,
  client: true,
  dataPath: true,
  timeouts: true,
  md5: true,
  envelope: true,
  largePayloads: true,
} satisfies OptionNames<SqsQueueOptions>;

const TIMEOUT_NAMES = { openMs: true, requestMs: true, receiveExtraMs: true } satisfies OptionNames<SqsTimeouts>;

/** {@link SqsQueueOptions} with all defaults applied. */
export interface ResolvedSqsQueueOptions extends ResolvedAccess<SQSClient, SQSClientConfig> {
  readonly reference: QueueReference;
  readonly timeouts: { readonly openMs: number; readonly requestMs: number; readonly receiveExtraMs: number };
  readonly dataPath: DataPathName;
  /** True if digests are checked. */
  readonly md5: boolean;
  readonly envelope?: ResolvedSnsEnvelope;
  readonly largePayloads?: ResolvedLargePayloads;
}

/**
 * Checks options and applies defaults.
 *
 * @throws QueueError of kind `invalid`
 */
export function resolveSqsQueueOptions(options: SqsQueueOptions): ResolvedSqsQueueOptions {
  checkNames('openSqsQueue', options, SQS_QUEUE_OPTION_NAMES, { queue: '' });
  const reference = parseQueueReference(options.queue);
  const access = resolveAccess<SQSClient, SQSClientConfig>({ queue: reference.name, service: 'SQS' }, options);
  const { md5 = (access.client?.config ?? access.config).md5 !== false } = options;
  refuseFault(reference.name, booleanFault('md5', md5));
  return Object.freeze({
    reference,
    ...access,
    dataPath: resolveDataPath(reference.name, options.dataPath, access),
    timeouts: resolveTimeouts(reference.name, options.timeouts),
    md5,
    ...(options.largePayloads !== undefined && {
      largePayloads: resolveLargePayloads(reference.name, options.largePayloads),
    }),
    ...(options.envelope !== undefined && { envelope: resolveSnsEnvelope(reference.name, options.envelope) }),
  });
}

function resolveTimeouts(queue: string, given: SqsTimeouts = {}): ResolvedSqsQueueOptions['timeouts'] {
  checkNames('', given, TIMEOUT_NAMES, { queue, within: 'timeouts' });
  const { openMs = 4500, requestMs = 5000, receiveExtraMs = 5000 } = given;
  const timeouts = { openMs, requestMs, receiveExtraMs };
  checkTimeouts(queue, timeouts);
  return timeouts;
}
