import type { Clock } from '../../queue/clock.js';
import { numberOption } from '../../queue/options.js';
import type { QueueFeatures, QueueLimits } from '../../queue/queue.js';

/** Features of every inbox. Messages are bytes in the memory of this process. */
export const INBOX_FEATURES: QueueFeatures = Object.freeze({
  persistent: false,
  leases: false,
  ordered: false,
  attributes: false,
  delay: false,
  longPolling: true,
  abortableReceive: true,
  resend: false,
  body: 'bytes',
});

/** Largest number of messages of one call of a verb. */
const BATCH_ENTRIES = 100;

/**
 * Limits what a carrier holds in memory.
 *
 * @publicApi
 */
export interface InboxLimitOptions {
  /**
   * Messages that may be held: waiting, in hand and waiting for a retry. The carrier accepts no more
   * until some of them are settled. 1 to 1 000 000, default 10 000.
   */
  readonly maxMessages?: number | undefined;
  /** Bytes of all messages that may be held, with their headers. 1 to 2^40, default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /**
   * Seconds for which a failing message is retried, counted from its first delivery. The poison
   * policy then decides. A dead-letter queue that does not take the message has as many seconds
   * again; then the message is given up, and an error is logged. 1 to 86 400, default 300.
   */
  readonly maxRetrySeconds?: number | undefined;
}

export interface InboxOptions extends InboxLimitOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Largest message that the carrier accepts, in bytes. */
  readonly messageBytes: number;
  /** Attributes that travel beside a body. Default 0: the carrier has none. */
  readonly attributes?: number | undefined;
}

/** {@link InboxOptions} with every default filled in. */
export interface ResolvedInboxOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly limits: QueueLimits;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly maxRetryMs: number;
}

/** @throws RangeError names the option, the value and the range */
export function resolveInboxOptions(options: InboxOptions): ResolvedInboxOptions {
  const { name, clock, messageBytes, attributes = 0 } = options;
  return {
    name,
    clock,
    limits: {
      messageBytes,
      batchBytes: Number.MAX_SAFE_INTEGER,
      batchEntries: BATCH_ENTRIES,
      attributes,
      leaseSeconds: 0,
    },
    maxMessages: numberOption('maxMessages', options.maxMessages, 10_000, 1, 1_000_000),
    maxBytes: numberOption('maxBytes', options.maxBytes, 64 * 1024 * 1024, 1, 2 ** 40),
    maxRetryMs: numberOption('maxRetrySeconds', options.maxRetrySeconds, 300, 1, 86_400) * 1000,
  };
}
