import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { originOf } from './queue-location.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';

/**
 * Holds the two clients of one queue, each with its own connections. A client that the application
 * passes takes both roles.
 */
export interface SqsClients {
  /** Serves all operations except receives. */
  readonly main: SQSClient;
  /** Serves long polls. */
  readonly receiving: SQSClient;
  /** Origin of a custom endpoint; undefined if no endpoint is configured. */
  readonly endpoint: string | undefined;
  /** Destroys the clients that this library created. */
  close(): void;
}

/**
 * Limits the SDK to one silent retry. The retry covers an idle connection that the server closed,
 * and the SDK's correction of a wrong clock. The layers above handle throttling and outages. Those
 * layers know which requests are urgent and back off for all requests.
 */
export const MAX_ATTEMPTS = 2;

/**
 * Ends a connection attempt without an answer early enough for the retry to find another address.
 */
export const CONNECTION_TIMEOUT_MS = 2000;

/**
 * Creates the clients of a queue, or uses the client that the application passed. Sends no request
 * to SQS.
 */
export async function createSqsClients(options: ResolvedSqsQueueOptions): Promise<SqsClients> {
  if (options.client !== undefined) {
    const client = withoutMd5Check(options.client);
    return { main: client, receiving: client, endpoint: await configuredEndpoint(client), close: () => undefined };
  }
  const endpoint = await fallbackEndpoint(options);
  const main = new SQSClient(clientConfig(options, endpoint));
  const { region, credentials } = main.config;
  // Both clients share one look-up of region and credentials, so a rotation asks the provider once.
  const receiving = new SQSClient({ ...clientConfig(options, endpoint), region, credentials });
  return {
    main,
    receiving,
    endpoint: await configuredEndpoint(main),
    close() {
      main.destroy();
      receiving.destroy();
    },
  };
}

/**
 * Returns the origin of a queue URL outside AWS, or undefined if an endpoint is configured. A
 * configured endpoint takes precedence.
 */
async function fallbackEndpoint(options: ResolvedSqsQueueOptions): Promise<string | undefined> {
  const { origin } = options.reference;
  if (origin === undefined) return undefined;
  const probe = new SQSClient(clientConfig(options, undefined));
  try {
    return (await configuredEndpoint(probe)) === undefined ? origin : undefined;
  } finally {
    probe.destroy();
  }
}

function clientConfig({ config, reference }: ResolvedSqsQueueOptions, endpoint: string | undefined): SQSClientConfig {
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
    // Requests go to the endpoint of the client. The queue URL's host would bypass FIPS, dual-stack
    // and AWS_ENDPOINT_URL endpoints. The host counts only if no endpoint is configured
    // (fallbackEndpoint).
    useQueueUrlAsEndpoint: false,
    ...(reference.region !== undefined && { region: reference.region }),
    ...(endpoint !== undefined && { endpoint }),
    ...config,
    // The SDK rejects a whole receive for one bad checksum, so the queue checks each message.
    md5: false,
  };
}

interface EndpointHolder {
  readonly config: Pick<SQSClient['config'], 'endpoint' | 'ignoreConfiguredEndpointUrls' | 'serviceConfiguredEndpoint'>;
}

/**
 * Returns the origin of the endpoint in the client's configuration, in the environment or in the
 * profile.
 */
export async function configuredEndpoint({ config }: EndpointHolder): Promise<string | undefined> {
  if (config.endpoint !== undefined) {
    const { protocol, hostname, port } = await config.endpoint();
    return originOf(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
  }
  const fromEnvironment =
    config.ignoreConfiguredEndpointUrls === true ? undefined : await config.serviceConfiguredEndpoint?.();
  return fromEnvironment === undefined ? undefined : originOf(fromEnvironment);
}

/**
 * Wraps the application's client and leaves that client unchanged. The SDK spreads the
 * configuration, so the wrapper needs a copy of the configuration.
 */
function withoutMd5Check(client: SQSClient): SQSClient {
  const config: object = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(client.config), md5: { value: false, enumerable: true } },
  );
  return Object.create(client, { config: { value: config } }) as SQSClient;
}
