import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { originOf } from './queue-location.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';

/** The clients of one queue. Two, each with its own connections, unless the application brought its own. */
export interface SqsClients {
  /** For everything but receives. */
  readonly main: SQSClient;
  /** For long polls. */
  readonly receiving: SQSClient;
  /** Origin of a custom endpoint, where one is configured. */
  readonly endpoint: string | undefined;
  /** Destroys what was made here. */
  close(): void;
}

/**
 * One quiet retry by the SDK and no more: enough for an idle connection that the server had closed and for the SDK's correction of a
 * wrong clock, while throttling and outages stay with the layers above, which know what is urgent and back off for all requests.
 */
export const MAX_ATTEMPTS = 2;

/** A host that answers no connection attempt is given up in time for the retry to find another address. */
export const CONNECTION_TIMEOUT_MS = 2000;

/** Makes or takes over the clients of a queue. Sends no request to SQS. */
export async function createSqsClients(options: ResolvedSqsQueueOptions): Promise<SqsClients> {
  if (options.client !== undefined) {
    const client = withoutMd5Check(options.client);
    return { main: client, receiving: client, endpoint: await configuredEndpoint(client), close: () => undefined };
  }
  const endpoint = await fallbackEndpoint(options);
  const main = new SQSClient(clientConfig(options, endpoint));
  const { region, credentials } = main.config;
  // The region and the credentials are looked up once and shared, so that a rotation asks the provider once.
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

/** A queue given by a URL outside AWS is asked there, but an endpoint that somebody configured goes before it. */
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
    // Requests go to the endpoint of the client. Following the queue URL's host instead would leave FIPS, dual-stack and
    // AWS_ENDPOINT_URL endpoints behind; that host counts only where nothing else is configured (createMainClient).
    useQueueUrlAsEndpoint: false,
    ...(reference.region !== undefined && { region: reference.region }),
    ...(endpoint !== undefined && { endpoint }),
    ...config,
    // The SDK rejects a whole receive for one bad checksum; the queue checks message by message.
    md5: false,
  };
}

/** What is needed of a client of any service. */
interface EndpointHolder {
  readonly config: Pick<SQSClient['config'], 'endpoint' | 'ignoreConfiguredEndpointUrls' | 'serviceConfiguredEndpoint'>;
}

/** Origin of the endpoint in the client's configuration, in the environment or in the profile. */
export async function configuredEndpoint({ config }: EndpointHolder): Promise<string | undefined> {
  if (config.endpoint !== undefined) {
    const { protocol, hostname, port } = await config.endpoint();
    return originOf(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`);
  }
  const fromEnvironment =
    config.ignoreConfiguredEndpointUrls === true ? undefined : await config.serviceConfiguredEndpoint?.();
  return fromEnvironment === undefined ? undefined : originOf(fromEnvironment);
}

/** A view of somebody else's client that leaves the client itself untouched. The SDK spreads its configuration, hence a copy of it. */
function withoutMd5Check(client: SQSClient): SQSClient {
  const config: object = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(client.config), md5: { value: false, enumerable: true } },
  );
  return Object.create(client, { config: { value: config } }) as SQSClient;
}
