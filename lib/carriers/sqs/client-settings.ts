import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { originOf } from './queue-location.js';
import type { ResolvedSqsQueueOptions } from './sqs-queue-options.js';
import type { SqsSdk } from './sqs-sdk.js';

/**
 * Limits the SDK to one silent retry. The retry covers an idle connection that the server closed,
 * and the SDK's correction of a wrong clock. The layers above handle throttling and outages. Those
 * layers know which requests are urgent and back off for all requests.
 */
export const MAX_ATTEMPTS = 2;

/** As many connections as there are requests. The layers above limit their number. */
const SOCKETS = { maxSockets: Infinity };

/**
 * Configures the connections of the clients that this library creates. A connection attempt without
 * an answer ends early enough for the retry to find another address. The SDK counts the wait for a
 * free socket as a part of the attempt, so no request must wait for a socket.
 */
export const CONNECTIONS = { connectionTimeout: 2000, httpAgent: SOCKETS, httpsAgent: SOCKETS };

/** Returns the configuration of the clients of a queue. Sends no request. */
export async function clientSettings(sdk: SqsSdk, options: ResolvedSqsQueueOptions): Promise<SQSClientConfig> {
  const { reference } = options;
  const base = baseSettings(options);
  if (reference.origin === undefined && reference.fips !== true && reference.dualStack !== true) return base;
  const probe = new sdk.SQSClient(base);
  try {
    // A configured endpoint takes precedence over the host of the queue URL.
    if ((await configuredEndpoint(probe)) !== undefined) return base;
    await refuseContradiction(options);
    return { ...base, ...hostSettings(options, probe) };
  } finally {
    probe.destroy();
  }
}

function baseSettings({ config, reference }: ResolvedSqsQueueOptions): SQSClientConfig {
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: CONNECTIONS,
    // Requests go to the endpoint of the client. The queue URL's host would bypass FIPS, dual-stack
    // and AWS_ENDPOINT_URL endpoints. The host counts only as hostSettings says.
    useQueueUrlAsEndpoint: false,
    ...(reference.region !== undefined && { region: reference.region }),
    ...config,
    // The SDK rejects a whole receive for one bad checksum, so the queue checks each message.
    md5: false,
  };
}

/**
 * Returns the settings that follow from the host of a queue URL. A public host of SQS has a region
 * and a flavour. Any other host is the endpoint itself, as in the SDK: settings for FIPS and
 * dual-stack hosts do not apply to it, and the SDK would refuse both together.
 */
function hostSettings({ reference }: ResolvedSqsQueueOptions, probe: SQSClient): SQSClientConfig {
  const { origin, fips, dualStack } = reference;
  if (origin === undefined) {
    return {
      ...(fips === true && { useFipsEndpoint: true }),
      ...(dualStack === true && { useDualstackEndpoint: true }),
    };
  }
  const { region } = probe.config;
  return { endpoint: origin, region, useFipsEndpoint: false, useDualstackEndpoint: false };
}

/** @throws QueueError the configuration forbids what the host of the queue URL is */
async function refuseContradiction({ reference, config }: ResolvedSqsQueueOptions): Promise<void> {
  const { name, fips, dualStack } = reference;
  for (const [setting, inUrl, what] of [
    ['useFipsEndpoint', fips, 'a FIPS host'],
    ['useDualstackEndpoint', dualStack, 'a dual-stack host'],
  ] as const) {
    const given = config[setting];
    const value = typeof given === 'function' ? await given() : given;
    if (inUrl !== true || value !== false) continue;
    throw endpointMismatch(
      name,
      `the URL of the queue "${name}" has ${what}, but ${setting} is false. Remove ${setting}, or use another URL.`,
    );
  }
}

export function endpointMismatch(queue: string, message: string): QueueError {
  return new QueueError(message, { code: 'EndpointMismatch', kind: 'invalid', queue });
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
