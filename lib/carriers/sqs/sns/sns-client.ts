import type * as Sdk from '@aws-sdk/client-sns';
import { exportsOf, importByNode, isMissingPackage } from '../../../common/optional-package.js';
import { QueueError } from '../../../queue/queue-error.js';
import type { SdkClientConfig } from '../access-options.js';
import { configuredEndpoint, CONNECTIONS, MAX_ATTEMPTS } from '../client-settings.js';
import { type ClientPair, refuseOtherSdk } from '../given-client.js';
import type { ResolvedSnsTopicOptions } from './sns-topic-options.js';

/** Lists the parts of the package @aws-sdk/client-sns that this library uses. */
export type SnsSdk = Pick<typeof Sdk, 'SNSClient' | 'GetTopicAttributesCommand' | 'PublishBatchCommand'>;

export interface SnsAccess {
  readonly sdk: SnsSdk;
  readonly client: Sdk.SNSClient;
  /** Origin of a custom endpoint; undefined if no endpoint is configured. */
  readonly endpoint: string | undefined;
  /** Destroys the client, unless the application passed its own. */
  close(): void;
}

/** Loads the SDK for SNS. Rejects with the install command if the package is missing. */
export async function loadSnsSdk(topic: string, load?: () => Promise<SnsSdk>): Promise<SnsSdk> {
  try {
    const loading = load?.() ?? import('@aws-sdk/client-sns').catch(importByNode<SnsSdk>('@aws-sdk/client-sns'));
    return exportsOf(await loading, 'SNSClient');
  } catch (cause) {
    if (!isMissingPackage(cause)) throw cause;
    const message = `the topic "${topic}" needs the package @aws-sdk/client-sns. Install it: npm install @aws-sdk/client-sns`;
    throw new QueueError(message, { code: 'PackageMissing', kind: 'invalid', queue: topic, cause });
  }
}

/**
 * Creates the client of a topic, or uses the client that the application passed. Sends no request
 * to SNS.
 */
export async function createSnsAccess({ topic, client, config }: ResolvedSnsTopicOptions): Promise<SnsAccess> {
  const sdk = await loadSnsSdk(topic.name);
  if (client !== undefined) {
    const given = client as Sdk.SNSClient;
    await refuseOtherSdk(snsClientPair(topic.name, given, sdk));
    return { sdk, client: given, endpoint: await configuredEndpoint(given), close: () => undefined };
  }
  const own = new sdk.SNSClient(clientConfig(topic.region, config));
  return { sdk, client: own, endpoint: await configuredEndpoint(own), close: () => own.destroy() };
}

/** Pairs a ready client with this library's own copy of the SDK. */
export function snsClientPair(queue: string, given: unknown, sdk: SnsSdk): ClientPair {
  return { given, own: () => new sdk.SNSClient({ region: 'us-east-1' }), service: 'SNS', queue };
}

function clientConfig(region: string, config: SdkClientConfig): Sdk.SNSClientConfig {
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: CONNECTIONS,
    region,
    ...config,
  };
}
