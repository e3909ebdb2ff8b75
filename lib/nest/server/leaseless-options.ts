import { describeOption, type OptionNames, pickOptions } from '../../common/option-names.js';
import { EVENT_CODEC_OPTION_NAMES } from '../../event/event-codec.js';
import type { RetryOptions } from '../../consume/retry-policy.js';
import { choiceOption } from '../../queue/options.js';
import type { MessageSender } from '../../queue/queue.js';
import { checkDeadLetterQueue } from './queue-option.js';
import type { BaseThriftServerOptions } from './server-options.js';

/**
 * Configures every strategy over a carrier without leases and redrive policy: sockets, HTTP and
 * Starling.
 *
 * @publicApi
 */
export interface LeaselessServerOptions extends Omit<
  BaseThriftServerOptions,
  'visibilityTimeoutSeconds' | 'waitTimeSeconds' | 'maxPollers' | 'poisonPolicy' | 'maxDeadLetters' | 'retry'
> {
  /**
   * Configures when a failed message comes back. Default: 2 s doubling up to 15 min, with full
   * jitter, and a `maxReceives` of 5.
   */
  readonly retry?: RetryOptions | undefined;
  /**
   * Decides the fate of messages that can never be handled, or have failed too often. `drop` removes
   * a message and logs an error. `dead-letter` copies a message to `deadLetterQueue`, then removes
   * the message. Default `drop`.
   */
  readonly poisonPolicy?: 'drop' | 'dead-letter' | undefined;
  /**
   * Sets the queue for copies of rejected messages: a sender of any carrier, such as
   * `() => openSqsQueue({ queue: 'backup-dlq' })`. The strategy opens and closes what a function
   * returns; a sender itself stays open. A queue of text gets the bytes as base64, and a queue with
   * attributes gets the reason. Required with `poisonPolicy: 'dead-letter'`, and an error without.
   */
  readonly deadLetterQueue?: MessageSender | (() => Promise<MessageSender>) | undefined;
}

const NAMES = {
  ...EVENT_CODEC_OPTION_NAMES,
  concurrency: true,
  handlerTimeoutMs: true,
  slowCallMs: true,
  idempotency: true,
  drainTimeoutMs: true,
  service: true,
  onUnhandledMethod: true,
  onQueueMissing: true,
  classifyError: true,
  transportId: true,
  retry: true,
  poisonPolicy: true,
} as const;

/** Names every option of {@link LeaselessServerOptions}, for the strategy of a carrier. */
export const LEASELESS_OPTION_NAMES = { ...NAMES, deadLetterQueue: true } satisfies OptionNames<LeaselessServerOptions>;

/** Number of deliveries after which a failing message is rejected. */
const MAX_RECEIVES = 5;

/**
 * Returns the options of the base class, with the defaults of these carriers.
 *
 * @throws TypeError the poison policy is none of these carriers, or does not fit the dead-letter queue
 */
export function leaselessSettings(options: LeaselessServerOptions, transportId: symbol): BaseThriftServerOptions {
  const poisonPolicy = choiceOption('poisonPolicy', options.poisonPolicy, ['drop', 'dead-letter']);
  checkDeadLetterQueue(options);
  checkSource(options.deadLetterQueue);
  return {
    ...pickOptions(options, NAMES),
    service: options.service,
    poisonPolicy,
    transportId: options.transportId ?? transportId,
    retry: withMaxReceives(options.retry),
  };
}

/** Completes retry options. Reads inherited options and getters of a class as well. */
function withMaxReceives(retry: RetryOptions | undefined): RetryOptions {
  if (retry === undefined) return { maxReceives: MAX_RECEIVES };
  // A value that is no object is refused later, by the check of all retry options.
  if (typeof retry !== 'object' || (retry as unknown) === null || retry.maxReceives !== undefined) return retry;
  return Object.create(retry, { maxReceives: { value: MAX_RECEIVES, enumerable: true } }) as RetryOptions;
}

/** @throws TypeError the option is neither a sender nor a function */
function checkSource(source: unknown): void {
  if (source === undefined || typeof source === 'function' || isSender(source)) return;
  throw new TypeError(`option deadLetterQueue must be ${WANTED}, got ${describeOption(source)}`);
}

const WANTED = "a sender or a function that opens one, such as () => openSqsQueue({ queue: 'backup-dlq' })";

/** True for a sender, by its method: another copy of this package may have made the sender. */
function isSender(value: unknown): value is MessageSender {
  return typeof (value as Partial<MessageSender> | null | undefined)?.send === 'function';
}

/**
 * Opens the dead-letter queue of a strategy. A sender that the application gave stays open when the
 * strategy closes.
 *
 * @throws TypeError the function returned no sender
 */
export async function openDeadLetterSender(
  source: NonNullable<LeaselessServerOptions['deadLetterQueue']>,
): Promise<MessageSender> {
  if (typeof source === 'function') {
    const sender: unknown = await source();
    if (isSender(sender)) return sender;
    throw new TypeError(`the function deadLetterQueue must return a sender, got ${describeOption(sender)}`);
  }
  return {
    name: source.name,
    features: source.features,
    limits: source.limits,
    send: (messages) => source.send(messages),
    close: () => Promise.resolve(),
  };
}
