import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import { QueueError } from '../queue/queue-error.js';
import { parseQueueReference, type QueueReference } from './queue-reference.js';

/** How long requests may take. */
export interface SqsTimeouts {
  /** Milliseconds to open the queue, the search for credentials included. Default 4500. */
  readonly openMs?: number | undefined;
  /** Milliseconds for one send, remove or hide, the SDK's retry included. Default 5000. */
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
}

/** {@link SqsQueueOptions} with every default filled in. */
export interface ResolvedSqsQueueOptions {
  readonly reference: QueueReference;
  readonly client: SQSClient | undefined;
  /** Explicit configuration only; the SDK's own search is not in it. */
  readonly config: SQSClientConfig;
  readonly timeouts: { readonly openMs: number; readonly requestMs: number; readonly receiveExtraMs: number };
}

/** Checks options and fills in defaults. Throws a {@link QueueError} of kind `invalid`. */
export function resolveSqsQueueOptions(options: SqsQueueOptions): ResolvedSqsQueueOptions {
  const reference = parseQueueReference(options.queue);
  const { region, endpoint, credentials, client } = options;
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    throw invalid(reference, 'the option "endpoint" must be an http or https URL, for example http://127.0.0.1:4566.');
  }
  const own = [region, endpoint, credentials].some((option) => option !== undefined);
  if (isClient(client) && own) {
    throw invalid(
      reference,
      'a ready client brings its own region, endpoint and credentials. Configure them there, or pass a configuration instead.',
    );
  }
  return Object.freeze({
    reference,
    client: isClient(client) ? client : undefined,
    config: isClient(client) ? {} : mergeConfig(client, options),
    timeouts: resolveTimeouts(reference, options.timeouts ?? {}),
  });
}

/** The options of the queue go before the same ones in the configuration. */
function mergeConfig(given: SQSClientConfig = {}, { region, endpoint, credentials }: SqsQueueOptions): SQSClientConfig {
  const keys = credentials ?? given.credentials;
  return {
    ...given,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(keys !== undefined && { credentials: ownCopy(keys) }),
  };
}

function resolveTimeouts(reference: QueueReference, timeouts: SqsTimeouts): ResolvedSqsQueueOptions['timeouts'] {
  const { openMs = 4500, requestMs = 5000, receiveExtraMs = 5000 } = timeouts;
  const resolved = { openMs, requestMs, receiveExtraMs };
  for (const [name, value] of Object.entries(resolved)) {
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) continue;
    throw invalid(reference, `the option "timeouts.${name}" must be a whole number of milliseconds above 0.`);
  }
  return resolved;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The SDK writes into the keys it is given, which fails on a frozen object and surprises on a shared one. */
function ownCopy<T>(credentials: T): T {
  return typeof credentials === 'object' ? { ...credentials } : credentials;
}

/** By its shape, because two copies of the SDK in one program are common. */
function isClient(client: SqsQueueOptions['client']): client is SQSClient {
  return client !== undefined && 'send' in client && typeof client.send === 'function';
}

function invalid(reference: QueueReference, message: string): QueueError {
  return new QueueError(message, { code: 'InvalidOption', kind: 'invalid', queue: reference.name });
}
