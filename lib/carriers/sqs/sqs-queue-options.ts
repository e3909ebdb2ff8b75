import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import { checkTimeouts, resolveAccess, type ResolvedAccess } from './access-options.js';
import {
  resolveLargePayloads,
  type LargePayloadOptions,
  type ResolvedLargePayloads,
} from './extended/large-payload-options.js';
import { parseQueueReference, type QueueReference } from './queue-reference.js';
import { resolveSnsEnvelope, type ResolvedSnsEnvelope, type SnsEnvelopeOptions } from './sns/sns-envelope-options.js';

/** How long requests may take. */
export interface SqsTimeouts {
  /** Milliseconds to open the queue, the search for credentials included. Default 4500. */
  readonly openMs?: number | undefined;
  /** Milliseconds for one send, acknowledge, release or extend, the SDK's retry included. Default 5000. */
  readonly requestMs?: number | undefined;
  /** Milliseconds that a receive may take beyond the time it waits for messages. Default 5000. */
  readonly receiveExtraMs?: number | undefined;
}

/** Options of {@link openSqsQueue}. */
export interface SqsQueueOptions {
  /** The queue's name, URL or ARN. A name is looked up in the caller's own account; an ARN may name another account's queue. */
  readonly queue: string;
  /**
   * The region requests are signed for, for example `eu-west-1`. Default: the one in the queue's ARN or URL, else the SDK's own search
   * (AWS_REGION, then the profile). One that contradicts the ARN or URL is an error.
   */
  readonly region?: string | undefined;
  /**
   * Where requests go, for example `http://127.0.0.1:4566`, whatever host the queue's URL names. Default: AWS_ENDPOINT_URL_SQS or
   * AWS_ENDPOINT_URL or the profile's `endpoint_url`, else the host of a queue URL that is not on AWS, else AWS itself.
   */
  readonly endpoint?: string | undefined;
  /** Keys or a provider of keys. Default: the SDK's chain (environment, profile, web identity, container, instance). */
  readonly credentials?: SQSClientConfig['credentials'] | undefined;
  /**
   * Any further configuration of the SDK's clients, or a ready client. From a configuration two clients are made, so that long polls
   * never hold the connections that deletes need (a `requestHandler` instance in it is shared by both). A ready client is used as it
   * is and never destroyed: it brings its own region, endpoint, credentials, retries and connection limit.
   */
  readonly client?: SQSClient | SQSClientConfig | undefined;
  readonly timeouts?: SqsTimeouts | undefined;
  /**
   * The queue receives what Amazon SNS wraps into an envelope of JSON: what was published is taken out of it. Default: bodies are what
   * was sent, as they are from a subscription with raw message delivery. An envelope is never guessed from a body.
   */
  readonly envelope?: SnsEnvelopeOptions | undefined;
  /**
   * Bodies that the queue does not take travel by Amazon S3, both ways, in the format of Amazon's extended client libraries. Needs the
   * package @aws-sdk/client-s3. Default: a message that is too large is refused.
   */
  readonly largePayloads?: LargePayloadOptions | undefined;
}

/** {@link SqsQueueOptions} with every default filled in. */
export interface ResolvedSqsQueueOptions extends ResolvedAccess<SQSClient, SQSClientConfig> {
  readonly reference: QueueReference;
  readonly timeouts: { readonly openMs: number; readonly requestMs: number; readonly receiveExtraMs: number };
  readonly envelope?: ResolvedSnsEnvelope;
  readonly largePayloads?: ResolvedLargePayloads;
}

/** Checks options and fills in defaults. Throws a QueueError of kind `invalid`. */
export function resolveSqsQueueOptions(options: SqsQueueOptions): ResolvedSqsQueueOptions {
  const reference = parseQueueReference(options.queue);
  const { openMs = 4500, requestMs = 5000, receiveExtraMs = 5000 } = options.timeouts ?? {};
  const timeouts = { openMs, requestMs, receiveExtraMs };
  checkTimeouts(reference.name, timeouts);
  return Object.freeze({
    reference,
    ...resolveAccess<SQSClient, SQSClientConfig>(reference.name, options),
    timeouts,
    ...(options.largePayloads !== undefined && {
      largePayloads: resolveLargePayloads(reference.name, options.largePayloads),
    }),
    ...(options.envelope !== undefined && { envelope: resolveSnsEnvelope(reference.name, options.envelope) }),
  });
}
