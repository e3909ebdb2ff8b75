import type * as Sdk from '@aws-sdk/client-s3';
import { exportsOf, importByNode, isMissingPackage } from '../../../common/optional-package.js';
import { QueueError } from '../../../queue/queue-error.js';
import { configuredEndpoint, CONNECTIONS, MAX_ATTEMPTS } from '../client-settings.js';
import { refuseOtherSdk } from '../given-client.js';
import type { ResolvedLargePayloads, S3ClientOptions, S3SharedAccess } from './large-payload-options.js';

/** Lists the parts of the package @aws-sdk/client-s3 that this library uses. */
export type S3Sdk = Pick<typeof Sdk, 'S3Client' | 'PutObjectCommand' | 'GetObjectCommand' | 'DeleteObjectCommand'>;

export interface S3Access {
  readonly sdk: S3Sdk;
  readonly client: Sdk.S3Client;
  /** Region that requests are signed for; undefined if no region is configured. */
  readonly region: string | undefined;
  /** Origin of a custom endpoint; undefined if no endpoint is configured. */
  readonly endpoint: string | undefined;
  /** Destroys the client, unless the application passed its own. */
  close(): void;
}

/** Loads the SDK for S3. Rejects with the install command if the package is missing. */
export async function loadS3Sdk(queue: string, load?: () => Promise<S3Sdk>): Promise<S3Sdk> {
  try {
    const loading = load?.() ?? import('@aws-sdk/client-s3').catch(importByNode<S3Sdk>('@aws-sdk/client-s3'));
    return exportsOf(await loading, 'S3Client');
  } catch (cause) {
    if (!isMissingPackage(cause)) throw cause;
    const message = `the option "largePayloads" of the queue "${queue}" needs the package @aws-sdk/client-s3. Install it: npm install @aws-sdk/client-s3`;
    throw new QueueError(message, { code: 'PackageMissing', kind: 'invalid', queue, cause });
  }
}

/**
 * Creates the client of the buckets, or uses the client that the application passed. Sends no
 * request to S3.
 */
export async function createS3Access(
  queue: string,
  { access: { client, config } }: ResolvedLargePayloads,
  sqs: S3SharedAccess,
): Promise<S3Access> {
  const sdk = await loadS3Sdk(queue);
  if (client !== undefined) {
    const anyRegion = { region: 'us-east-1' };
    await refuseOtherSdk({ given: client, own: () => new sdk.S3Client(anyRegion), service: 'S3', queue });
  }
  const own = (client as Sdk.S3Client | undefined) ?? new sdk.S3Client(clientConfig(config, sqs));
  return {
    sdk,
    client: own,
    region: await own.config.region().catch(() => undefined),
    endpoint: await configuredEndpoint(own),
    close: () => (client === undefined ? own.destroy() : undefined),
  };
}

function clientConfig(config: S3ClientOptions, { region, credentials }: S3SharedAccess): Sdk.S3ClientConfig {
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: CONNECTIONS,
    // The S3 client shares the queue's look-up of region and credentials.
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    // Emulators and other servers outside AWS seldom have a host for each bucket.
    ...(config.endpoint !== undefined && { forcePathStyle: true }),
    ...(config as Sdk.S3ClientConfig),
  };
}
