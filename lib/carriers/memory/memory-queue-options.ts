import { numberFault } from '../../common/number-fault.js';
import { optionFault, type OptionNames } from '../../common/option-names.js';
import { systemClock, type Clock } from '../../queue/clock.js';
import { QueueError } from '../../queue/queue-error.js';
import { booleanFault } from '../../queue/options.js';
import type { QueueFeatures, QueueLimits } from '../../queue/queue.js';
import type { MessageSnapshot } from './message-snapshot.js';
import type { StoredMessage } from './message-store.js';

/**
 * Takes over messages that were received too often.
 *
 * @publicApi
 */
export interface DeadLetterTarget {
  readonly name: string;
  readonly features: QueueFeatures;
  /** Stores a message of another queue unchanged. */
  adopt(message: StoredMessage): void;
  /** Returns every message in the queue now, in order of arrival. */
  messages(): readonly MessageSnapshot[];
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

/**
 * Options of {@link createMemoryQueue}.
 *
 * @publicApi
 */
export interface MemoryQueueOptions {
  /** Display name. Default `memory`, or `memory.fifo`. */
  readonly name?: string | undefined;
  /**
   * Clock for delays, leases and long polls. Default: the machine's clock. Tests pass a
   * {@link VirtualClock}.
   */
  readonly clock?: Clock | undefined;
  /** True if message groups keep their order, as in SQS FIFO queues. Default false. */
  readonly fifo?: boolean | undefined;
  /**
   * True if a FIFO message without a deduplication id gets the SHA-256 of its body as id. Default
   * false.
   */
  readonly contentBasedDeduplication?: boolean | undefined;
  /** Seconds before any message can be received, 0 to 900. Default 0. */
  readonly delaySeconds?: number | undefined;
  /**
   * Limits of the queue. Default: the limits of SQS (1 MiB, 10 entries, 10 attributes, 12 hours).
   */
  readonly limits?: { readonly [Name in keyof QueueLimits]?: QueueLimits[Name] | undefined } | undefined;
  /**
   * Moves a message after `maxReceiveCount` receives, instead of delivering the message again.
   * Default: none.
   */
  readonly redrive?: { readonly maxReceiveCount: number; readonly deadLetterQueue: DeadLetterTarget } | undefined;
}

const NAMES = {
  name: true,
  clock: true,
  fifo: true,
  contentBasedDeduplication: true,
  delaySeconds: true,
  limits: true,
  redrive: true,
} satisfies OptionNames<MemoryQueueOptions>;

/** {@link MemoryQueueOptions} with all defaults applied. */
export interface ResolvedMemoryQueueOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly delaySeconds: number;
  readonly limits: QueueLimits;
  readonly redrive?: NonNullable<MemoryQueueOptions['redrive']>;
}

const REDRIVE_NAMES = { maxReceiveCount: true, deadLetterQueue: true } satisfies OptionNames<
  NonNullable<MemoryQueueOptions['redrive']>
>;

const SQS_LIMITS: QueueLimits = {
  messageBytes: 1_048_576,
  batchBytes: 1_048_576,
  batchEntries: 10,
  attributes: 10,
  leaseSeconds: 43_200,
};

const LIMIT_NAMES = {
  messageBytes: true,
  batchBytes: true,
  batchEntries: true,
  attributes: true,
  leaseSeconds: true,
  receives: true,
  waitSeconds: true,
} satisfies OptionNames<QueueLimits>;

/** Longest delay of a queue, in seconds (Amazon SQS API reference, CreateQueue). */
const MAX_DELAY_SECONDS = 900;

/**
 * Checks options and applies defaults.
 *
 * @throws QueueError of kind `invalid`
 */
export function resolveMemoryQueueOptions(options: MemoryQueueOptions): ResolvedMemoryQueueOptions {
  refuse(optionFault(options, NAMES), 'createMemoryQueue: ');
  const { fifo = false, contentBasedDeduplication = false, delaySeconds = 0, clock = systemClock, redrive } = options;
  refuse(booleanFault('fifo', fifo));
  refuse(booleanFault('contentBasedDeduplication', contentBasedDeduplication));
  refuse(numberFault('delaySeconds', delaySeconds, { min: 0, max: MAX_DELAY_SECONDS }));
  const { name = fifo ? 'memory.fifo' : 'memory' } = options;
  if (redrive !== undefined) checkRedrive(redrive, name, fifo);
  return Object.freeze({
    name,
    clock,
    fifo,
    contentBasedDeduplication,
    delaySeconds,
    limits: resolveLimits(options.limits),
    ...(redrive !== undefined && { redrive }),
  });
}

function resolveLimits(given: MemoryQueueOptions['limits'] = {}): QueueLimits {
  refuse(optionFault(given, LIMIT_NAMES, 'limits'));
  const limits = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of limits) {
    refuse(numberFault(`limits.${name}`, value, { min: 0, max: Number.MAX_SAFE_INTEGER }));
  }
  return { ...SQS_LIMITS, ...(Object.fromEntries(limits) as Partial<QueueLimits>) };
}

function checkRedrive(redrive: NonNullable<MemoryQueueOptions['redrive']>, name: string, fifo: boolean): void {
  refuse(optionFault(redrive, REDRIVE_NAMES, 'redrive'));
  if (redrive.deadLetterQueue.features.ordered === fifo) return;
  refuse(`a dead-letter queue must be of the same type as "${name}". Make both FIFO or neither.`);
}

function refuse(fault: string | undefined, subject = ''): void {
  if (fault !== undefined) {
    throw new QueueError(`${subject}${fault}`, { code: 'InvalidOption', kind: 'invalid', queue: '' });
  }
}
