import type { SQSClient } from '@aws-sdk/client-sqs';
import { normalizeCode } from './error-kinds.js';

type Keys = Awaited<ReturnType<SQSClient['config']['credentials']>>;

/**
 * The SDK's own providers accept the option, although their type lacks the option. Other providers
 * ignore the option.
 */
type Provider = (options?: { readonly forceRefresh: boolean }) => Promise<Keys>;

interface KeyHolder {
  readonly config: { readonly credentials: Provider };
}

/**
 * Error codes for credentials that were valid once. Sources: API References of Amazon SQS and
 * Amazon SNS, CommonErrors; AWS STS.
 */
const OUT_OF_DATE = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSecurity',
  'InvalidSecurityException',
  'UnrecognizedClientException',
]);

/**
 * Runs a request. Repeats the request once with new credentials if the service refuses the old
 * credentials.
 */
export type WithKeys = <T>(request: () => Promise<T>) => Promise<T>;

/**
 * Asks the credential provider again when the service refuses the credentials. The SDK refreshes
 * credentials only after their expiry time. Credentials may be rotated earlier, or may have no
 * expiry time. Requests that were signed with the same credentials share one refresh.
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
