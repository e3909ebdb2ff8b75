import type { SQSClient } from '@aws-sdk/client-sqs';
import { QueueError } from '../../queue/queue-error.js';
import { endpointMismatch } from './client-settings.js';
import { describeLocation, type QueueLocation } from './queue-location.js';
import type { QueueReference } from './queue-reference.js';
import type { SqsClients } from './sqs-clients.js';
import { readSqsHost, servesFips } from './sqs-host.js';

/**
 * Returns the region that requests are signed for.
 *
 * @throws QueueError there is no region, or the region contradicts the ARN or the URL of the queue
 */
export async function checkRegion(
  client: SQSClient,
  reference: QueueReference,
  location: QueueLocation,
): Promise<string> {
  const region = await client.config.region().catch((cause: unknown) => {
    throw regionError(cause, location);
  });
  if (isBinding(reference, location) && reference.region !== undefined && reference.region !== region) {
    const message = `the queue "${location.name}" is in ${reference.region}, but the region ${region} is configured. Remove the configured region or correct it.`;
    throw new QueueError(message, { code: 'RegionMismatch', kind: 'invalid', queue: location.name });
  }
  return region;
}

/**
 * True if the region of a reference must be the region of the queue. An ARN always names the
 * region, and a host of AWS does, unless requests go to a configured endpoint instead.
 */
function isBinding({ accountId, url, origin }: QueueReference, { endpoint }: QueueLocation): boolean {
  if (accountId !== undefined) return true;
  if (url === undefined || readSqsHost(new URL(url).hostname) === undefined) return false;
  return endpoint === undefined || endpoint === origin;
}

function regionError(cause: unknown, location: QueueLocation): QueueError {
  const where = describeLocation(location);
  // The SDK refuses an empty AWS_REGION in the same words.
  const refused = cause instanceof Error && /region="[^"]+" is not a valid/.test(cause.message);
  const message = refused
    ? `the configured region for ${where} is not the name of a region. Set AWS_REGION or the option "region", for example to eu-west-1.`
    : `no AWS region is set for ${where}. Set AWS_REGION or the option "region", or give the queue by its ARN.`;
  const code = refused ? 'RegionInvalid' : 'RegionMissing';
  return new QueueError(message, { code, kind: 'invalid', queue: location.name, cause });
}

/**
 * Refuses a client whose requests would leave the FIPS hosts that its settings or the URL of the
 * queue ask for. The SDK's clients send to the host of the queue URL, unless
 * `useQueueUrlAsEndpoint` is false, and queue URLs of SQS have no FIPS hosts.
 *
 * @throws QueueError with the code `EndpointMismatch`
 */
export async function checkHost({ main, endpoint }: SqsClients, reference: QueueReference, url: string): Promise<void> {
  if (endpoint !== undefined) return;
  const { config } = main;
  const fips = (await config.useFipsEndpoint?.()) === true;
  if (config.useQueueUrlAsEndpoint === false) {
    if (reference.fips !== true || fips) return;
    throw endpointMismatch(
      reference.name,
      `the URL of the queue "${reference.name}" has a FIPS host, but the client sends to other hosts. Set useFipsEndpoint on the client.`,
    );
  }
  const host = readSqsHost(new URL(url).hostname);
  // The endpoint of a VPC is what was asked for, as for the SDK.
  if (!fips || host === undefined || host.vpc || servesFips(host)) return;
  throw endpointMismatch(
    reference.name,
    `the client asks for FIPS hosts, but sends to ${new URL(url).hostname}, the host of the queue's URL. Set useQueueUrlAsEndpoint to false on the client.`,
  );
}
