import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import { numberFault } from '../../common/number-fault.js';
import { optionFault, type OptionNames } from '../../common/option-names.js';
import { QueueError } from '../../queue/queue-error.js';
import { clientFault, isClient, type SdkService } from './given-client.js';

/** Longest time of a timer, in milliseconds. */
const MOST_MS = 2 ** 31 - 1;

type Credentials = SQSClientConfig['credentials'];

/**
 * A client of the AWS SDK, described by its shape. The typings of the optional packages
 * `@aws-sdk/client-s3` and `@aws-sdk/client-sns` are not needed to compile this library.
 *
 * @publicApi
 */
export interface SdkClientLike {
  readonly config: Pick<SQSClient['config'], 'region' | 'credentials'> & {
    /** Only an SQSClient has this member, and no SQSClient is accepted. */
    readonly useQueueUrlAsEndpoint?: never;
  };
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/**
 * Configuration that all clients of the AWS SDK share. Pass a ready client for anything else.
 *
 * @publicApi
 */
export type SdkClientConfig = Pick<
  SQSClientConfig,
  | 'region'
  | 'endpoint'
  | 'credentials'
  | 'profile'
  | 'requestHandler'
  | 'maxAttempts'
  | 'retryMode'
  | 'retryStrategy'
  | 'logger'
  | 'defaultsMode'
  | 'useFipsEndpoint'
  | 'useDualstackEndpoint'
  | 'customUserAgent'
  | 'userAgentAppId'
  | 'systemClockOffset'
  | 'disableHostPrefix'
>;

/**
 * A configuration, and not a client of another service.
 *
 * @publicApi
 */
export type NoClient<Config> = Config & { readonly send?: never; readonly middlewareStack?: never };

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

/** Describes for which service access options are. */
interface AccessSubject {
  /** Name of the queue or topic. */
  readonly queue: string;
  readonly service: SdkService;
  /** Path of the options, with a dot at its end. Default empty. */
  readonly within?: string;
}

/**
 * Checks and resolves access options. The separate options override the same settings in a client
 * configuration.
 *
 * @throws QueueError of kind `invalid`
 */
export function resolveAccess<Client extends object, Config extends { readonly credentials?: Credentials | undefined }>(
  { queue, service, within = '' }: AccessSubject,
  options: AccessOptions<Client, Config>,
): ResolvedAccess<Client, Config> {
  const { region, endpoint, credentials, client } = options;
  if (client !== undefined) refuseFault(queue, clientFault(`${within}client`, client, service));
  refuseFault(queue, placeFault(options));
  if (isClient(client)) {
    if ([region, endpoint, credentials].every((option) => option === undefined)) {
      return { client, config: {} as Config };
    }
    throw invalidOption(
      queue,
      'a ready client brings its own region, endpoint and credentials. Configure them there, or pass a configuration instead.',
    );
  }
  const given = client as Config | undefined;
  const keys = credentials ?? given?.credentials;
  const config = {
    ...given,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(keys !== undefined && { credentials: ownCopy(keys) }),
  } as Config;
  return { client: undefined, config };
}

/**
 * Checks the names of an options object.
 *
 * @param subject names the function in the error; empty for a nested object
 * @throws QueueError of kind `invalid`; the text suggests the closest name
 */
export function checkNames<Options>(
  subject: string,
  options: Options,
  names: OptionNames<Options>,
  at: { readonly queue: string; readonly within?: string },
): void {
  const fault = optionFault(options, names, at.within);
  if (fault !== undefined) throw invalidOption(at.queue, `${subject === '' ? '' : `${subject}: `}${fault}`);
}

/** @throws QueueError of kind `invalid` with the fault, if there is one */
export function refuseFault(queue: string, fault: string | undefined): void {
  if (fault !== undefined) throw invalidOption(queue, fault);
}

/** @throws QueueError a timeout is not a whole number of milliseconds above 0 */
export function checkTimeouts(queue: string, timeouts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(timeouts)) {
    refuseFault(queue, numberFault(`timeouts.${name}`, value, { min: 1, max: MOST_MS }));
  }
}

export function invalidOption(queue: string, message: string): QueueError {
  return new QueueError(message, { code: 'InvalidOption', kind: 'invalid', queue });
}

/** Explains why a region or an endpoint is not acceptable. */
function placeFault({ region, endpoint, client }: AccessOptions<object, object>): string | undefined {
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    return 'the option "endpoint" must be an http or https URL, for example http://127.0.0.1:4566.';
  }
  const { region: inClient } = (client ?? {}) as { readonly region?: unknown };
  if (region !== '' && inClient !== '') return undefined;
  return 'the option "region" is empty. Name a region, or leave the option out to get its default.';
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
