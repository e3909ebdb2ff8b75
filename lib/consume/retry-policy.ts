import { backoff } from '../queue/clock.js';
import { numberOption } from '../queue/options.js';
import type { Settlement } from '../queue/settlement.js';

/** When a failed message comes back. */
export interface RetryOptions {
  /** The longest first delay, in seconds. Default 2. */
  readonly baseSeconds?: number;
  /** What each further delivery multiplies it by. Default 2. */
  readonly factor?: number;
  /** The longest delay of all, in seconds, at most 43 200. Default 900. */
  readonly maxSeconds?: number;
  /** The random part of a delay, 0 to 1. Default 1: anything from nothing to the whole of it. */
  readonly jitter?: number;
  /**
   * After so many deliveries a failure rejects the message, for the poison policy, which must be `dead-letter` or `drop`: with
   * `redrive` the queue's own `maxReceiveCount` says that. Every delivery counts, but a failure that is not of the message (its
   * content cannot be got, the idempotency store is away, another delivery is at its event) rejects nothing. Default: no limit of ours.
   */
  readonly maxReceives?: number;
}

/** What a delay is decided from. */
export interface Attempt {
  /** Deliveries of the message so far, this one included. */
  readonly receiveCount: number;
  /** Milliseconds since it was received: a lease ends at most `leaseSeconds` after that. */
  readonly elapsedMs: number;
  readonly leaseSeconds: number;
}

/** Decides the delay of a retry, in seconds. */
export type RetryDelay = (attempt: Attempt, random?: () => number) => number;

/** {@link RetryOptions} with every value decided. */
export interface RetryPolicy {
  readonly delay: RetryDelay;
  readonly maxReceives: number;
}

/** The delay that a handler asked for, or the policy's, within what the queue still grants this delivery. */
export function retry(delay: number, attempt: Attempt, error?: unknown): Settlement & { type: 'retry' } {
  const left = Math.floor(attempt.leaseSeconds - attempt.elapsedMs / 1000) - 1;
  const delaySeconds = Math.max(0, Math.min(Math.round(delay), left));
  return { type: 'retry', delaySeconds, ...(error !== undefined && { error }) };
}

/** @throws RangeError an option is out of range */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const { maxReceives } = options;
  return {
    delay: exponentialDelay(options),
    maxReceives: maxReceives === undefined ? Infinity : numberOption('retry.maxReceives', maxReceives, 0, 1, 1_000_000),
  };
}

/**
 * Exponential backoff with jitter over the receive count: up to `base * factor^(count - 1)`, of which a random part, so that messages
 * that failed together do not come back together.
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
