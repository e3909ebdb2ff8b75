import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';

type Credentials = SQSClientConfig['credentials'];

/** Where requests go and as whom, by options of one's own or by a client of the SDK that brings them. */
export interface AccessOptions<Client, Config> {
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly credentials?: Credentials | undefined;
  readonly client?: Client | Config | undefined;
}

/** {@link AccessOptions} taken apart: a ready client, or the configuration to make one from. */
export interface ResolvedAccess<Client, Config> {
  readonly client: Client | undefined;
  /** Explicit configuration only; the SDK's own search is not in it. */
  readonly config: Config;
}

/**
 * Checks what a client is made from or is. The options go before the same ones in the configuration.
 *
 * @throws QueueError of kind `invalid`; `queue` is the name of the queue or topic that it is for
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

/** @throws QueueError one of them is no whole number of milliseconds above 0 */
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

/** The SDK writes into the keys it is given, which fails on a frozen object and surprises on a shared one. */
function ownCopy<T>(credentials: T): T {
  return typeof credentials === 'object' ? { ...credentials } : credentials;
}

/** By its shape, because two copies of the SDK in one program are common. */
function isClient<Client extends object, Config>(client: Client | Config | undefined): client is Client {
  return typeof client === 'object' && client !== null && 'send' in client && typeof client.send === 'function';
}
