import { systemClock, type Clock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import type { QueueFeatures, QueueLimits } from '../../queue/queue.js';
import type { StoredMessage } from './message-store.js';

/** Takes over messages that were received too often. */
interface DeadLetterTarget {
  readonly name: string;
  readonly features: QueueFeatures;
  /** Stores a message of another queue unchanged. */
  adopt(message: StoredMessage): void;
}

/** Features of every queue in memory. The options decide about order and delays. */
export const MEMORY_FEATURES = {
  persistent: false,
  leases: true,
  attributes: true,
  longPolling: true,
  abortableReceive: true,
  resend: true,
  body: 'text',
} as const;

/** Options of {@link createMemoryQueue}. */
export interface MemoryQueueOptions {
  /** Display name. Default `memory`, or `memory.fifo`. */
  readonly name?: string;
  /**
   * Clock for delays, leases and long polls. Default: the machine's clock. Tests pass a
   * {@link VirtualClock}.
   */
  readonly clock?: Clock;
  /** True if message groups keep their order, as in SQS FIFO queues. Default false. */
  readonly fifo?: boolean;
  /**
   * True if a FIFO message without a deduplication id gets the SHA-256 of its body as id. Default
   * false.
   */
  readonly contentBasedDeduplication?: boolean;
  /** Seconds before any message can be received, 0 to 900. Default 0. */
  readonly delaySeconds?: number;
  /**
   * Limits of the queue. Default: the limits of SQS (1 MiB, 10 entries, 10 attributes, 12 hours).
   */
  readonly limits?: Partial<QueueLimits>;
  /**
   * Moves a message after `maxReceiveCount` receives, instead of delivering the message again.
   * Default: none.
   */
  readonly redrive?: { readonly maxReceiveCount: number; readonly deadLetterQueue: DeadLetterTarget };
}

/** {@link MemoryQueueOptions} with all defaults applied. */
export type ResolvedMemoryQueueOptions = Readonly<
  Required<Omit<MemoryQueueOptions, 'limits' | 'redrive'>> & { limits: QueueLimits } & Pick<
      MemoryQueueOptions,
      'redrive'
    >
>;

const SQS_LIMITS: QueueLimits = {
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  attributes: 10,
  leaseSeconds: 43_200,
};

/**
 * Checks options and applies defaults.
 *
 * @throws QueueError of kind `invalid`
 */
export function resolveMemoryQueueOptions(options: MemoryQueueOptions): ResolvedMemoryQueueOptions {
  const { fifo = false, redrive, limits, ...rest } = options;
  const name = options.name ?? (fifo ? 'memory.fifo' : 'memory');
  if (redrive !== undefined && redrive.deadLetterQueue.features.ordered !== fifo) {
    throw new QueueError(`a dead-letter queue must be of the same type as "${name}". Make both FIFO or neither.`, {
      code: 'InvalidOption',
      kind: 'invalid',
      queue: name,
    });
  }
  return Object.freeze({
    clock: systemClock,
    contentBasedDeduplication: false,
    delaySeconds: 0,
    ...rest,
    name,
    fifo,
    limits: { ...SQS_LIMITS, ...limits },
    ...(redrive !== undefined && { redrive }),
  });
}
