import { describe, expect, it } from '@jest/globals';
import { resolveConsumeOptions } from '../../lib/consume/consume-options.js';
import { exponentialDelay, retry, type Attempt, type RetryOptions } from '../../lib/consume/retry-policy.js';

const HOURS = 3600;

function attempt(receiveCount: number, elapsedMs = 0): Attempt {
  return { receiveCount, elapsedMs, leaseSeconds: 12 * HOURS };
}

describe('the exponential delay', () => {
  it.each<[RetryOptions | undefined, number, number]>([
    [undefined, 1, 2],
    [undefined, 2, 4],
    [undefined, 5, 32],
    [undefined, 9, 512],
    [undefined, 10, 900],
    [undefined, 1_000_000, 900],
    [undefined, 0, 2],
    [{ baseSeconds: 10 }, 3, 40],
    [{ factor: 1 }, 50, 2],
    [{ factor: 3, baseSeconds: 1 }, 4, 27],
    [{ maxSeconds: 5 }, 4, 5],
    [{ baseSeconds: 0 }, 3, 0],
    [{ baseSeconds: 0 }, 2000, 0],
    [{ maxSeconds: 43_200, factor: 100 }, 999, 43_200],
  ])('computes a random retry delay with %p after %d deliveries up to %d s', (options, count, most) => {
    const delay = exponentialDelay(options);
    expect(delay(attempt(count), () => 1)).toBe(most);
    expect(delay(attempt(count), () => 0.5)).toBe(most / 2);
    expect(delay(attempt(count), () => 0)).toBe(0);
  });

  it.each([
    [1, [0, 4, 8]],
    [0.5, [4, 6, 8]],
    [0, [8, 8, 8]],
  ])('spreads a retry delay of 8 s with a jitter of %d to %p for the random values 0, 0.5 and 1', (jitter, delays) => {
    const delay = exponentialDelay({ jitter });
    expect([0, 0.5, 1].map((chance) => delay(attempt(3), () => chance))).toEqual(delays);
  });

  it.each<[RetryOptions, string]>([
    [{ baseSeconds: -1 }, 'retry.baseSeconds'],
    [{ baseSeconds: NaN }, 'retry.baseSeconds'],
    [{ factor: 0.5 }, 'retry.factor'],
    [{ factor: 101 }, 'retry.factor'],
    [{ maxSeconds: 43_201 }, 'retry.maxSeconds'],
    [{ jitter: 1.1 }, 'retry.jitter'],
    [{ jitter: -0.1 }, 'retry.jitter'],
  ])('refuses the retry options %p', (options, name) => {
    expect(() => exponentialDelay(options)).toThrow(`${name} must be a number`);
  });
});

describe('a retry', () => {
  it.each([
    [0, 0, 0],
    [1.4, 0, 1],
    [1.5, 0, 2],
    [-5, 0, 0],
    [900, 0, 900],
    [43_200, 0, 43_199],
    [Infinity, 0, 43_199],
    [43_200, 1, 43_198],
    [43_200, 3_600_000, 39_599],
    [900, 43_000_000, 199],
    [900, 43_199_000, 0],
    [900, 99_999_999, 0],
  ])(
    'limits a retry delay of %d s after %d ms to %d s, so that the lease ends before 12 hours',
    (delay, elapsedMs, delaySeconds) => {
      const settlement = retry(delay, attempt(1, elapsedMs));
      expect(settlement).toEqual({ type: 'retry', delaySeconds });
      if (delaySeconds > 0) expect(delaySeconds + elapsedMs / 1000).toBeLessThan(12 * HOURS);
    },
  );

  it('keeps the error in a retry settlement', () => {
    const error = new Error('x');
    expect(retry(1, attempt(1), error)).toEqual({ type: 'retry', delaySeconds: 1, error });
  });
});

describe('consume options', () => {
  it('fills in the default consume options', () => {
    expect(resolveConsumeOptions()).toMatchObject({
      concurrency: 10,
      maxPollers: 32,
      pollersExpected: 4,
      waitTimeSeconds: 20,
      visibilityTimeoutSeconds: 30,
      handlerTimeoutMs: undefined,
      drainTimeoutMs: 25_000,
    });
  });

  it.each([
    [{ concurrency: 0 }, 'concurrency'],
    [{ maxPollers: 65 }, 'maxPollers'],
    [{ waitTimeSeconds: 21 }, 'waitTimeSeconds'],
    [{ visibilityTimeoutSeconds: 1 }, 'visibilityTimeoutSeconds'],
    [{ visibilityTimeoutSeconds: 43_201 }, 'visibilityTimeoutSeconds'],
    [{ handlerTimeoutMs: 0 }, 'handlerTimeoutMs'],
    [{ drainTimeoutMs: -1 }, 'drainTimeoutMs'],
    [{ retry: { factor: 0 } }, 'retry.factor'],
    [{ retry: { maxReceives: 0 } }, 'retry.maxReceives'],
    [{ retry: { maxReceives: 1.5 } }, 'retry.maxReceives'],
  ])('refuses the consume options %p', (options, name) => {
    expect(() => resolveConsumeOptions(options)).toThrow(`${name} must be`);
  });
});
