import { numberOption } from '../queue/options.js';
import {
  resolveIdempotency,
  type IdempotencyOptions,
  type ResolvedIdempotencyOptions,
} from './middleware/idempotency.js';
import { retryPolicy, type RetryOptions, type RetryPolicy } from './retry-policy.js';

/** How messages are received, handled and settled. */
export interface ConsumeOptions {
  /**
   * Messages being handled at once, and calls running at once: a body may hold several. Nothing else is in hand, but on a FIFO queue up
   * to ten messages that wait behind another one of their group. 1 to 10 000, default 10.
   */
  readonly concurrency?: number;
  /**
   * Receives open at once under load; one is enough while little comes. On a FIFO queue a receive may bring one message only, so that a
   * `concurrency` beyond 50 there can need more. 1 to 64, default 4.
   */
  readonly maxPollers?: number;
  /** Seconds a receive waits for a first message. 0 to 20, default 20: an idle worker asks three times a minute. */
  readonly waitTimeSeconds?: number;
  /**
   * Seconds a received message stays hidden; renewed at half of it for as long as its handler runs, so it need not be longer than
   * the handler. A worker that dies gives its messages free after at most this. 2 to 43 200, default 30.
   */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * Milliseconds a call may take from when it has a slot, with all of its handlers; then its signal aborts, and it has failed. 1 to
   * 43 200 000, default: no limit, so that one that hangs keeps its slot for as long as the worker runs; a `stalled` event tells when all
   * slots are taken for long.
   */
  readonly handlerTimeoutMs?: number;
  /** When a failed message comes back. Default: 2 s doubling up to 15 min, with full jitter. */
  readonly retry?: RetryOptions;
  /** Remembers which events were handled, so that one that arrives again is not handled again. Default: none. */
  readonly idempotency?: IdempotencyOptions;
  /**
   * Milliseconds for `close()`: open receives end, handlers finish, acks are sent. What is left then is aborted, and has half a second
   * more to say how it ended, whatever hangs. 0 to 3 600 000, default 25 000.
   */
  readonly drainTimeoutMs?: number;
}

/** {@link ConsumeOptions} with every value decided. */
export interface ResolvedConsumeOptions {
  readonly concurrency: number;
  readonly maxPollers: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly handlerTimeoutMs: number | undefined;
  readonly retry: RetryPolicy;
  readonly idempotency: ResolvedIdempotencyOptions | undefined;
  readonly drainTimeoutMs: number;
}

/** @throws TypeError, RangeError naming the option, the value and the range */
export function resolveConsumeOptions(options: ConsumeOptions = {}): ResolvedConsumeOptions {
  const { handlerTimeoutMs } = options;
  return {
    concurrency: numberOption('concurrency', options.concurrency, 10, 1, 10_000),
    maxPollers: numberOption('maxPollers', options.maxPollers, 4, 1, 64),
    waitTimeSeconds: numberOption('waitTimeSeconds', options.waitTimeSeconds, 20, 0, 20),
    visibilityTimeoutSeconds: numberOption('visibilityTimeoutSeconds', options.visibilityTimeoutSeconds, 30, 2, 43_200),
    handlerTimeoutMs:
      handlerTimeoutMs === undefined ? undefined : numberOption('handlerTimeoutMs', handlerTimeoutMs, 0, 1, 43_200_000),
    retry: retryPolicy(options.retry),
    idempotency: resolveIdempotency(options.idempotency),
    drainTimeoutMs: numberOption('drainTimeoutMs', options.drainTimeoutMs, 25_000, 0, 3_600_000),
  };
}
