import { describeOption } from '../../common/option-names.js';
import { QueueError } from '../../queue/queue-error.js';
import { readFailure } from './read-failure.js';

/** Services whose clients an application can pass. */
export type SdkService = 'SQS' | 'SNS' | 'S3';

/** Members that a client has and a configuration has not. `then` belongs to a promise of a client. */
const MEMBERS_OF_CLIENTS = ['send', 'config', 'middlewareStack', 'makeRequest', 'then'];

/**
 * Explains why the value of an option is neither a client of a service nor its configuration.
 * Undefined for an acceptable value.
 */
export function clientFault(option: string, value: unknown, service: SdkService): string | undefined {
  const wanted = `the option "${option}" must be an ${service}Client of @aws-sdk/client-${service.toLowerCase()} or its configuration`;
  if (isClient(value)) {
    const { serviceId = service } = value.config as { readonly serviceId?: unknown };
    return serviceId === service ? undefined : `${wanted}, got a client of ${String(serviceId)}.`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${wanted}, got ${describeOption(value)}.`;
  }
  if (!MEMBERS_OF_CLIENTS.some((member) => member in value)) return undefined;
  return `${wanted}, got ${'then' in value ? 'a promise. Await the client first' : 'an object of another kind'}.`;
}

/** Detects a client by its shape, because a program often contains two copies of the SDK. */
export function isClient(value: unknown): value is { readonly config: object } {
  if (typeof value !== 'object' || value === null || !('send' in value) || !('config' in value)) return false;
  return typeof value.send === 'function' && typeof value.config === 'object' && value.config !== null;
}

/** Holds a ready client, and the client of the SDK that this library sends commands of. */
export interface ClientPair {
  readonly given: unknown;
  /** Creates a client of this library's own copy of the SDK. */
  readonly own: () => unknown;
  readonly service: SdkService;
  /** Name of the queue or topic, for errors. */
  readonly queue: string;
}

/**
 * Refuses a client from a copy of the SDK that cannot send this library's commands. Commands carry
 * schemas, which clients before about 3.930 cannot write.
 *
 * @throws QueueError with the code `ClientMismatch`
 */
export async function refuseOtherSdk(pair: ClientPair): Promise<void> {
  const { protocol } = (pair.given as { readonly config: { readonly protocol?: unknown } }).config;
  const speaks = typeof protocol === 'object' && protocol !== null && 'serializeRequest' in protocol;
  const mismatch = speaks ? undefined : await clientMismatch(pair);
  if (mismatch !== undefined) throw mismatch;
}

/**
 * Returns the error to report for a failed request of a ready client. A request that failed in this
 * process, with a client of another copy of the SDK, failed because of that copy.
 */
export async function explainFailure(error: unknown, pair: ClientPair): Promise<unknown> {
  if (!isClient(pair.given) || !(error instanceof QueueError) || !failedHere(error)) return error;
  return (await clientMismatch(pair, error)) ?? error;
}

function failedHere({ kind, code, cause }: QueueError): boolean {
  return (
    kind === 'invalid' && code !== 'EndpointError' && cause !== undefined && readFailure(cause).status === undefined
  );
}

/** Undefined if both versions are equal, or if one of them is unknown. */
async function clientMismatch(
  { given, own, service, queue }: ClientPair,
  cause?: unknown,
): Promise<QueueError | undefined> {
  const [theirs, ours] = await Promise.all([versionOf(given), versionOf(own())]);
  if (theirs === undefined || ours === undefined || theirs === ours) return undefined;
  const name = `@aws-sdk/client-${service.toLowerCase()}`;
  const message =
    `the given client is from ${name} ${theirs}, and this library sends commands of ${ours}, which that client cannot send. ` +
    `Install one version for both: npm install ${name}@${ours}; npm ls ${name} shows the copies. Or pass a configuration instead of a client.`;
  return new QueueError(message, { code: 'ClientMismatch', kind: 'invalid', queue, cause });
}

type UserAgent = readonly (readonly [name: string, version?: string])[];

/** Returns the version of the SDK that a client is from, as the client reports it to AWS. */
async function versionOf(client: unknown): Promise<string | undefined> {
  const { config } = client as { readonly config: { readonly defaultUserAgentProvider?: unknown } };
  const { defaultUserAgentProvider: provider } = config;
  if (typeof provider !== 'function') return undefined;
  try {
    const pairs = (await (provider as (config: unknown) => Promise<UserAgent>)(config)) ?? [];
    return pairs.find(([name]) => name === 'aws-sdk-js')?.[1];
  } catch {
    return undefined;
  }
}
