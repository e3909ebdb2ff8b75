import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';

type Credentials = SQSClientConfig['credentials'];

/**
 * Configures the region, endpoint and credentials of requests, directly or through a client of the
 * SDK.
 */
export interface AccessOptions<Client, Config> {
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly credentials?: Credentials | undefined;
  readonly client?: Client | Config | undefined;
}

/** {@link AccessOptions} in resolved form: a ready client, or the configuration of a new client. */
export interface ResolvedAccess<Client, Config> {
  readonly client: Client | undefined;
  /** Explicit configuration only. Values that the SDK looks up itself are not included. */
  readonly config: Config;
}

/**
 * Checks and resolves access options. The separate options override the same settings in a client
 * configuration.
 *
 * @param queue name of the queue or topic
 * @throws QueueError of kind `invalid`
 */
export function resolveAccess<Client extends object, Config extends { readonly credentials?: Credentials | undefined }>(
  queue: string,
  options: AccessOptions<Client, Config>,
): ResolvedAccess<Client, Config> {
  const { region, endpoint, credentials, client } = options;
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    throw invalidOption(
      queue,
      'the option "endpoint" must be an http or https URL, for example http://127.0.0.1:4566.',
    );
  }
  const own = [region, endpoint, credentials].some((option) => option !== undefined);
  if (isClient<Client, Config>(client)) {
    if (!own) return { client, config: {} as Config };
    throw invalidOption(
      queue,
      'a ready client brings its own region, endpoint and credentials. Configure them there, or pass a configuration instead.',
    );
  }
  const keys = credentials ?? client?.credentials;
  const config = {
    ...client,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(keys !== undefined && { credentials: ownCopy(keys) }),
  } as Config;
  return { client: undefined, config };
}

/** @throws QueueError a timeout is not a whole number of milliseconds above 0 */
export function checkTimeouts(queue: string, timeouts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(timeouts)) {
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) continue;
    throw invalidOption(queue, `the option "timeouts.${name}" must be a whole number of milliseconds above 0.`);
  }
}

export function invalidOption(queue: string, message: string): QueueError {
  return new QueueError(message, { code: 'InvalidOption', kind: 'invalid', queue });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * Copies static credentials. The SDK writes into them, which fails on a frozen object and changes a
 * shared object.
 */
function ownCopy<T>(credentials: T): T {
  return typeof credentials === 'object' ? { ...credentials } : credentials;
}

/** Detects a client by its shape, because a program often contains two copies of the SDK. */
function isClient<Client extends object, Config>(client: Client | Config | undefined): client is Client {
  return typeof client === 'object' && client !== null && 'send' in client && typeof client.send === 'function';
}
