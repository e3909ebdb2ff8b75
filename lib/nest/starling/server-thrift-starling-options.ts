import { type StarlingServerOptions, STARLING_SERVER_OPTION_NAMES } from '../../carriers/starling/starling-options.js';
import { checkQueueName } from '../../carriers/starling/starling-queue-name.js';
import { type OptionNames, pickOptions } from '../../common/option-names.js';
import type { RetryOptions } from '../../consume/retry-policy.js';
import { choiceOption } from '../../queue/options.js';
import {
  checkDeadLetterSource,
  LEASELESS_OPTION_NAMES,
  type LeaselessServerOptions,
  leaselessSettings,
} from '../server/leaseless-options.js';
import type { BaseThriftServerOptions } from '../server/server-options.js';
import { type QueuePrefixOption, withPrefix } from '../../queue/derived-names.js';
import { THRIFT_STARLING } from '../transport-id.js';

/**
 * Configures {@link ServerThriftStarling}.
 *
 * @publicApi
 */
export interface ServerThriftStarlingOptions
  extends
    Omit<LeaselessServerOptions, 'poisonPolicy' | 'deadLetterQueue' | 'retry'>,
    QueuePrefixOption,
    StarlingServerOptions {
  /**
   * Sets the queue, by 1 to 250 letters, digits, `_` and `-`. Default: the queue that the contract
   * names for all methods (`sqs.queue`).
   */
  readonly queue?: string | undefined;
  /**
   * Largest number of failed messages that wait for their next delivery. In the dialect `kestrel`
   * each of them keeps a connection. While as many wait, the worker receives no other message. 1 to
   * 10 000, default 100.
   */
  readonly maxRetrying?: number | undefined;
  /**
   * Configures when a failed message comes back. It waits in this worker, and a stop puts it back
   * into the queue. The protocol counts no deliveries, so `maxReceives` counts those of this worker
   * since its start. Default: 2 s doubling up to 15 min, with full jitter, and a `maxReceives` of 10.
   */
  readonly retry?: RetryOptions | undefined;
  /**
   * Decides the fate of messages that can never be handled, or have failed too often. `dead-letter`
   * copies a message to `errorQueue` or `deadLetterQueue`, then removes the message. `drop` removes
   * a message and logs an error. Default `dead-letter`.
   */
  readonly poisonPolicy?: 'dead-letter' | 'drop' | undefined;
  /**
   * Sets the queue of the same server for copies of rejected messages. A copy has the bytes of the
   * message and no reason, which is in the log. Default: the name of the queue and `_errors`.
   */
  readonly errorQueue?: string | undefined;
  /**
   * Sets a queue of any carrier in place of `errorQueue`, as a sender or as a function that opens
   * one: `() => openSqsQueue({ queue: 'backup-dlq' })`. The strategy opens and closes what a function
   * returns; a sender itself stays open. A queue of text gets the bytes as base64, and a queue with
   * attributes gets the reason.
   */
  readonly deadLetterQueue?: LeaselessServerOptions['deadLetterQueue'];
}

/** Names every option of {@link ServerThriftStarlingOptions}. */
export const STARLING_STRATEGY_OPTION_NAMES = {
  ...LEASELESS_OPTION_NAMES,
  ...STARLING_SERVER_OPTION_NAMES,
  queue: true,
  queuePrefix: true,
  maxRetrying: true,
  errorQueue: true,
} satisfies OptionNames<ServerThriftStarlingOptions>;

/** Number of deliveries after which a failing message is rejected: about eight minutes of retries. */
const MAX_RECEIVES = 10;

const { poisonPolicy: _policy, deadLetterQueue: _queue, ...SHARED_NAMES } = LEASELESS_OPTION_NAMES;

/**
 * Returns the options of the base class, with the defaults of this carrier.
 *
 * @throws TypeError an option is not acceptable
 */
export function settingsOf(options: ServerThriftStarlingOptions): BaseThriftServerOptions {
  const poisonPolicy = choiceOption('poisonPolicy', options.poisonPolicy, ['dead-letter', 'drop']);
  checkDeadLetterSource(options.deadLetterQueue);
  for (const name of ['errorQueue', 'deadLetterQueue'] as const) {
    if (poisonPolicy === 'drop' && options[name] !== undefined) {
      throw new TypeError(`option ${name} would never be used with poisonPolicy: 'drop'`);
    }
  }
  if (options.errorQueue !== undefined && options.deadLetterQueue !== undefined) {
    throw new TypeError('options errorQueue and deadLetterQueue exclude each other: both take rejected messages');
  }
  const shared = { ...pickOptions(options, SHARED_NAMES), service: options.service };
  return { ...leaselessSettings(shared, THRIFT_STARLING, MAX_RECEIVES), poisonPolicy };
}

/**
 * Returns the name of the queue for rejected messages.
 *
 * @throws TypeError the name is not acceptable, or is the name of the queue itself
 */
export function errorQueueOf(options: ServerThriftStarlingOptions, queue: string): string {
  const name = withPrefix(options.errorQueue, options.queuePrefix) ?? `${queue}_errors`;
  if (name === queue) throw new TypeError(`option errorQueue must be another queue than ${queue}`);
  return checkQueueName('errorQueue', name);
}
