import type { SQSClient } from '@aws-sdk/client-sqs';
import { normalizeCode } from './error-kinds.js';

type Keys = Awaited<ReturnType<SQSClient['config']['credentials']>>;

/** The SDK's own providers take the option, though their type does not say so; others look it over. */
type Provider = (options?: { readonly forceRefresh: boolean }) => Promise<Keys>;

/** What is needed of a client of any service. */
interface KeyHolder {
  readonly config: { readonly credentials: Provider };
}

/** What a service says of keys that were right once: API References of Amazon SQS and Amazon SNS, CommonErrors; AWS STS. */
const OUT_OF_DATE = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSecurity',
  'InvalidSecurityException',
  'UnrecognizedClientException',
]);

/** Carries out a request, and once more with new keys where the old ones are not accepted any more. */
export type WithKeys = <T>(request: () => Promise<T>) => Promise<T>;

/**
 * The SDK asks a provider again only when the keys carry an expiry that has come, and keys may be rotated before it or have none. So the
 * provider is asked when the service refuses them: once for all requests that were signed with the same keys.
 */
export function renewKeys({ config }: KeyHolder): WithKeys {
  const provider = config.credentials;
  let renewing: Promise<Keys> | undefined;
  const renew = (): Promise<Keys> =>
    (renewing ??= provider({ forceRefresh: true }).finally(() => {
      renewing = undefined;
    }));
  return async (request) => {
    const used = await provider();
    try {
      return await request();
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
      const current = await provider();
      if (sameKeys(current, used) && sameKeys(await renew(), used)) throw error;
      return await request();
    }
  };
}

function isOutOfDate(error: unknown): boolean {
  return error instanceof Error && OUT_OF_DATE.has(normalizeCode(error.name));
}

function sameKeys(a: Keys, b: Keys): boolean {
  return a.accessKeyId === b.accessKeyId && a.sessionToken === b.sessionToken;
}
