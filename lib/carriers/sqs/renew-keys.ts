import type { SQSClient } from '@aws-sdk/client-sqs';
import { kindOfCode, normalizeCode } from './error-kinds.js';
import { readFailure } from './read-failure.js';

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
 * Runs requests, and repeats a request once with new credentials if the service refuses the old
 * ones. The SDK refreshes credentials only after their expiry time. Credentials may be rotated
 * earlier, or may have no expiry time. Requests that were signed with the same credentials share one
 * refresh.
 */
export class KeyRenewal {
  private renewing: Promise<Keys> | undefined;

  constructor(private readonly holder: KeyHolder) {}

  async run<T>(request: (keys: Keys) => Promise<T>): Promise<T> {
    const credentials = (): Promise<Keys> => readKeys(this.holder);
    const used = await credentials();
    try {
      return await request(used);
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
      const current = await credentials();
      const next = sameKeys(current, used) ? await this.renew() : current;
      if (sameKeys(next, used)) throw error;
      return await request(next);
    }
  }

  private renew(): Promise<Keys> {
    return (this.renewing ??= readKeys(this.holder, { forceRefresh: true }).finally(() => (this.renewing = undefined)));
  }
}

/**
 * Asks the provider for credentials. Whatever the provider throws is a failure of the credentials,
 * and not of the request that needs them. A network failure of the provider stays as it is.
 */
export async function readKeys({ config }: KeyHolder, options?: { readonly forceRefresh: boolean }): Promise<Keys> {
  try {
    return await config.credentials(options);
  } catch (error) {
    const { code, detail } = readFailure(error);
    if (kindOfCode(code) !== undefined) throw error;
    const message = `the credential provider failed: ${detail === '' ? code : detail}`;
    throw Object.assign(new Error(message, { cause: error }), { name: 'CredentialsProviderError' });
  }
}

/** Reads the name alone: under a test runner the SDK may have an `Error` class of its own. */
function isOutOfDate(error: unknown): boolean {
  const { name } = Object(error) as { readonly name?: unknown };
  return typeof name === 'string' && OUT_OF_DATE.has(normalizeCode(name));
}

function sameKeys(a: Keys, b: Keys): boolean {
  return a.accessKeyId === b.accessKeyId && a.sessionToken === b.sessionToken;
}
