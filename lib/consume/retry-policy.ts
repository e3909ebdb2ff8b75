import { checkOptionNames, type OptionNames } from '../common/option-names.js';
import { backoff } from '../queue/clock.js';
import { numberOption } from '../queue/options.js';
import type { Settlement } from '../queue/settlement.js';

/**
 * Configures when a failed message comes back.
 *
 * @publicApi
 */
export interface RetryOptions {
  /** Longest delay after the first delivery, in seconds. 0 to 43 200, default 2. */
  readonly baseSeconds?: number | undefined;
  /** Factor by which the delay grows with each delivery. 1 to 100, default 2. */
  readonly factor?: number | undefined;
  /** Longest delay, in seconds. 0 to 43 200, default 900. */
  readonly maxSeconds?: number | undefined;
  /** Random share of a delay, 0 to 1. Default 1: the delay is random between 0 and its longest. */
  readonly jitter?: number | undefined;
  /**
   * Number of deliveries after which a failing message is rejected. The poison policy then decides
   * about it, and must be `dead-letter` or `drop`. With `redrive` the queue's own `maxReceiveCount`
   * decides. Every delivery counts. But an idempotency-store failure, an S3 failure or an event in
   * progress elsewhere never rejects a message. 1 to 1 000 000, default: no limit.
   */
  readonly maxReceives?: number | undefined;
}

const RETRY_NAMES = {
  baseSeconds: true,
  factor: true,
  maxSeconds: true,
  jitter: true,
  maxReceives: true,
} satisfies OptionNames<RetryOptions>;

/** Facts from which a delay is computed. */
export interface Attempt {
  /** Number of deliveries of the message, this one included. */
  readonly receiveCount: number;
  /** Milliseconds since the lease began. It ends at most `leaseSeconds` after that. */
  readonly elapsedMs: number;
  readonly leaseSeconds: number;
}

/** Computes the delay of a retry, in seconds. */
export type RetryDelay = (attempt: Attempt, random?: () => number) => number;

/** {@link RetryOptions} with every default filled in. */
export interface RetryPolicy {
  readonly delay: RetryDelay;
  readonly maxReceives: number;
}

/** Creates the settlement of a retry. Limits the delay to the longest lease that is left. */
export function retry(delay: number, attempt: Attempt, error?: unknown): Settlement & { type: 'retry' } {
  const left = Math.floor(attempt.leaseSeconds - attempt.elapsedMs / 1000) - 1;
  const delaySeconds = Math.max(0, Math.min(Math.round(delay), left));
  return { type: 'retry', delaySeconds, ...(error !== undefined && { error }) };
}

/** @throws RangeError, TypeError an option is out of range or unknown */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  checkOptionNames('', options, RETRY_NAMES, 'retry');
  const { maxReceives } = options;
  return {
    delay: exponentialDelay(options),
    maxReceives: maxReceives === undefined ? Infinity : numberOption('retry.maxReceives', maxReceives, 0, 1, 1_000_000),
  };
}

/**
 * Creates an exponential backoff with jitter: a random share of `base * factor^(receives - 1)`. So
 * messages that failed together do not come back together.
 *
 * @throws RangeError an option is out of range
 */
export function exponentialDelay(options: RetryOptions = {}): RetryDelay {
  const base = numberOption('retry.baseSeconds', options.baseSeconds, 2, 0, 43_200, false);
  const factor = numberOption('retry.factor', options.factor, 2, 1, 100, false);
  const max = numberOption('retry.maxSeconds', options.maxSeconds, 900, 0, 43_200, false);
  const jitter = numberOption('retry.jitter', options.jitter, 1, 0, 1, false);
  return ({ receiveCount }, random = Math.random) =>
    backoff(Math.max(0, receiveCount - 1), {
      baseMs: base * 1000,
      maxMs: max * 1000,
      factor,
      random: () => 1 - jitter + jitter * random(),
    }) / 1000;
}
