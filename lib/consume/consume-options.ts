import type { OptionNames } from '../common/option-names.js';
import { numberOption } from '../queue/options.js';
import {
  resolveIdempotency,
  type IdempotencyOptions,
  type ResolvedIdempotencyOptions,
} from './middleware/idempotency.js';
import { retryPolicy, type RetryOptions, type RetryPolicy } from './retry-policy.js';

/**
 * Configures how messages are received, handled and settled.
 *
 * @publicApi
 */
export interface ConsumeOptions {
  /**
   * Largest number of messages that are handled at the same time, and of calls that run at the same
   * time. A body may hold several calls; bodies take turns of 10 ms. While handlers are fast, more messages wait in the worker: twice
   * as many as they finish during a receive and an acknowledgement, and up to 20. On a FIFO queue up to ten more messages
   * may wait behind another message of their group. 1 to 10 000, default 10.
   */
  readonly concurrency?: number | undefined;
  /**
   * Largest number of open receives. An idle worker uses one, and a busy worker as many as its
   * handlers can keep up with. 1 to 64, default 32.
   */
  readonly maxPollers?: number | undefined;
  /**
   * Seconds a receive waits for a first message. 0 to 20, default 20: an idle worker makes three
   * requests a minute. At most two thirds of `visibilityTimeoutSeconds`, since the lease of a message
   * counts from the start of its receive.
   */
  readonly waitTimeSeconds?: number | undefined;
  /**
   * Seconds a received message stays hidden from other receivers. The worker renews the lease at
   * half of this time while the handler runs, so handlers may take longer. The time counts from the
   * start of the receive, when the queue may have handed out the message at the earliest. If the
   * worker dies, its messages come back after at most this time. 2 to 43 200, default 30.
   */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /**
   * Milliseconds a call may take with all its handlers, counted from the moment it has a slot. After
   * that its signal aborts and the call has failed. 1 to 43 200 000, default: no limit. A hanging
   * handler then keeps its slot, and a `stalled` event reports when all slots are taken for long.
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * Milliseconds after which a call that still runs is reported once, by a `slow-call` event and a
   * warning with its method and message id. 1 000 to 43 200 000, default 180 000 (three minutes), or
   * no report if `handlerTimeoutMs` is set.
   */
  readonly slowCallMs?: number | undefined;
  /** Configures when a failed message comes back. Default: 2 s doubling up to 15 min, with full jitter. */
  readonly retry?: RetryOptions | undefined;
  /** Skips events that were handled before. Default: none. */
  readonly idempotency?: IdempotencyOptions | undefined;
  /**
   * Milliseconds for `close()` to end open receives, finish handlers and send acknowledgements. What
   * the open receives still return is handled meanwhile. Handlers that are left are aborted and get
   * half a second to end. 0 to 3 600 000, default 25 000.
   */
  readonly drainTimeoutMs?: number | undefined;
}

/** Names every option of {@link ConsumeOptions}. */
export const CONSUME_OPTION_NAMES = {
  concurrency: true,
  maxPollers: true,
  waitTimeSeconds: true,
  visibilityTimeoutSeconds: true,
  handlerTimeoutMs: true,
  slowCallMs: true,
  retry: true,
  idempotency: true,
  drainTimeoutMs: true,
} satisfies OptionNames<ConsumeOptions>;

/** {@link ConsumeOptions} with every default filled in. */
export interface ResolvedConsumeOptions {
  readonly concurrency: number;
  readonly maxPollers: number;
  /** Open receives that a client must have connections for. With fewer the worker warns. */
  readonly pollersExpected: number;
  readonly waitTimeSeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly handlerTimeoutMs: number | undefined;
  /** `Infinity` reports no call. */
  readonly slowCallMs: number;
  readonly retry: RetryPolicy;
  readonly idempotency: ResolvedIdempotencyOptions | undefined;
  readonly drainTimeoutMs: number;
}

/** Time in ms after which a running call is reported. */
const SLOW_CALL_MS = 180_000;
/** Largest share of the lease for which a receive may wait. The rest is left to extend the lease. */
const MOST_WAIT = 2 / 3;
/** Open receives that serve most workers, if the application does not say how many it wants. */
const USUAL_POLLERS = 4;

/** @throws TypeError, RangeError naming the option, the value and the range */
export function resolveConsumeOptions(options: ConsumeOptions = {}): ResolvedConsumeOptions {
  const { handlerTimeoutMs } = options;
  const slowCallMs = handlerTimeoutMs === undefined ? SLOW_CALL_MS : Infinity;
  const visibilityTimeoutSeconds = numberOption(
    'visibilityTimeoutSeconds',
    options.visibilityTimeoutSeconds,
    30,
    2,
    43_200,
  );
  const waitTimeSeconds = numberOption('waitTimeSeconds', options.waitTimeSeconds, 20, 0, 20);
  return {
    concurrency: numberOption('concurrency', options.concurrency, 10, 1, 10_000),
    maxPollers: numberOption('maxPollers', options.maxPollers, 32, 1, 64),
    pollersExpected: options.maxPollers ?? USUAL_POLLERS,
    waitTimeSeconds: Math.min(waitTimeSeconds, Math.floor(visibilityTimeoutSeconds * MOST_WAIT)),
    visibilityTimeoutSeconds,
    handlerTimeoutMs:
      handlerTimeoutMs === undefined ? undefined : numberOption('handlerTimeoutMs', handlerTimeoutMs, 0, 1, 43_200_000),
    slowCallMs:
      options.slowCallMs === undefined
        ? slowCallMs
        : numberOption('slowCallMs', options.slowCallMs, 0, 1_000, 43_200_000),
    retry: retryPolicy(options.retry),
    idempotency: resolveIdempotency(options.idempotency),
    drainTimeoutMs: numberOption('drainTimeoutMs', options.drainTimeoutMs, 25_000, 0, 3_600_000),
  };
}
