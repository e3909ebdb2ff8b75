import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { isRetryStrategy, type RetryStrategy, withRetries } from '#lib/carriers/sqs/lean/retries.js';
import { credentials } from '../open-fake.js';

/** Returns the retry strategy of the SDK for a configuration. */
async function strategyOf(config: SQSClientConfig): Promise<RetryStrategy> {
  const client = new SQSClient({ region: 'us-east-1', credentials, ...config });
  const strategy: unknown = await client.config.retryStrategy();
  client.destroy();
  if (!isRetryStrategy(strategy)) throw new TypeError('the SDK has no retry strategy of its second version');
  return strategy;
}

/** Returns the quota of retries that a strategy has left. */
function quotaOf(strategy: RetryStrategy): number {
  return (strategy as unknown as { getCapacity(): number }).getCapacity();
}

const unavailable = Object.assign(new Error('unavailable'), { $metadata: { httpStatusCode: 503 } });
const { signal } = new AbortController();

describe('withRetries', () => {
  it('refills the quota of retries with every success, as the SDK does', async () => {
    const strategy = await strategyOf({ maxAttempts: 2, retryMode: 'standard' });
    const full = quotaOf(strategy);
    const failing = withRetries(strategy, signal, () => Promise.reject(unavailable));
    await expect(failing).rejects.toBe(unavailable);
    const cost = full - quotaOf(strategy);
    expect(cost).toBeGreaterThan(0);
    for (let i = 0; i < cost; i += 1) await withRetries(strategy, signal, () => Promise.resolve('answer'));
    expect(quotaOf(strategy)).toBe(full);
  });

  it('repeats nothing once the signal has aborted', async () => {
    const strategy = await strategyOf({ maxAttempts: 5 });
    const stop = new AbortController();
    let attempts = 0;
    const request = withRetries(strategy, stop.signal, () => {
      attempts += 1;
      stop.abort();
      return Promise.reject(unavailable);
    });
    await expect(request).rejects.toBe(unavailable);
    expect(attempts).toBe(1);
  });
});

describe('isRetryStrategy', () => {
  it.each(['standard', 'adaptive'])('accepts the strategy of the mode %s', async (retryMode) => {
    expect(isRetryStrategy(await strategyOf({ retryMode }))).toBe(true);
  });

  it('refuses a strategy of the first version', () => {
    expect(isRetryStrategy({ mode: 'standard', retry: () => Promise.reject(unavailable) })).toBe(false);
  });
});
