import type { Aborts } from '../../../queue/abort-source.js';
import { ANSWER_TOO_LARGE } from '../answer-limit.js';
import { isTlsCode, kindOfCode } from '../error-kinds.js';
import { readFailure } from '../read-failure.js';
import type { ServiceFailure } from './answer.js';

/** A token of the SDK's retry strategies. */
interface RetryToken {
  getRetryDelay(): number;
}

interface RetryFailure {
  readonly error: unknown;
  readonly errorType: RetryType;
}

/** The SDK's word for a failure. Strategies repeat requests after the first two. */
type RetryType = 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR';

/** A retry strategy of the SDK since its second version: standard, adaptive, or one of the application. */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  /** Rejects if the request must not be repeated. */
  refreshRetryTokenForRetry(token: RetryToken, failure: RetryFailure): Promise<RetryToken>;
  recordSuccess(token: RetryToken): void;
}

export function isRetryStrategy(value: unknown): value is RetryStrategy {
  const strategy = Object(value) as Record<string, unknown>;
  return ['acquireInitialRetryToken', 'refreshRetryTokenForRetry', 'recordSuccess'].every(
    (name) => typeof strategy[name] === 'function',
  );
}

/**
 * Runs a request as often as the SDK's strategy allows. A strategy may slow down every request. It
 * learns of every success, because successes refill its quota of retries.
 */
export async function withRetries<T>(strategy: RetryStrategy, aborts: Aborts, request: () => Promise<T>): Promise<T> {
  let token = await strategy.acquireInitialRetryToken('');
  for (;;) {
    try {
      const answer = await request();
      strategy.recordSuccess(token);
      return answer;
    } catch (error) {
      const next = await nextToken(strategy, aborts, { error, errorType: retryType(error) }, token);
      if (next === undefined) throw error;
      token = next;
    }
  }
}

/** Waits as long as the strategy wants. Undefined if the request must not be repeated. */
async function nextToken(
  strategy: RetryStrategy,
  aborts: Aborts,
  failure: RetryFailure,
  used: RetryToken,
): Promise<RetryToken | undefined> {
  if (aborts.aborted) return undefined;
  const next = await strategy.refreshRetryTokenForRetry(used, failure).catch(() => undefined);
  const ms = next?.getRetryDelay() ?? 0;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return aborts.aborted ? undefined : next;
}

/** Errors that the SDK repeats as throttled. Those of KMS are not among them. */
const THROTTLED: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
/** Statuses of a service that is not available for a moment, as in the SDK. */
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

function retryType(error: unknown): RetryType {
  const { code, status } = readFailure(error);
  if (status === 429 || THROTTLED.has((error as Error).name)) return 'THROTTLING';
  if (isBrokenConnection(error, code)) return 'TRANSIENT';
  if (status === undefined) return 'CLIENT_ERROR';
  const { $metadata } = error as ServiceFailure;
  if (TRANSIENT_STATUS.has(status) || $metadata.clockSkewCorrected) return 'TRANSIENT';
  return status < 500 ? 'CLIENT_ERROR' : 'SERVER_ERROR';
}

/** Codes of an answer that is not HTTP, or too large. The SDK does not repeat these requests: the server has read them. */
const UNREADABLE: ReadonlySet<string> = new Set(['HTTPParserError', 'UND_ERR_HEADERS_OVERFLOW', ANSWER_TOO_LARGE]);

/**
 * True if the connection broke, before or in an answer. The error then has a code. A failure from a
 * service has only a name, which the service chooses.
 */
function isBrokenConnection(error: unknown, code: string): boolean {
  return (
    (error as { readonly code?: unknown }).code !== undefined &&
    kindOfCode(code) === 'network' &&
    !isTlsCode(code) &&
    !UNREADABLE.has(code)
  );
}
