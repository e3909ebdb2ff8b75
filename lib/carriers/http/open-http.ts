import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageSender } from '../../queue/queue.js';
import { HttpInbox, type HttpReceiver } from './http-inbox.js';
import type { CarrierNotice } from '../../queue/carrier-notice.js';
import { HTTP_RECEIVER_OPTION_NAMES, type HttpReceiverOptions } from './http-receiver-options.js';
import { HttpSender } from './http-sender.js';
import { HTTP_SENDER_OPTION_NAMES, type HttpSenderOptions } from './http-sender-options.js';
import type { HttpRefusal } from './refusal.js';

/**
 * Completes the options of {@link openHttpReceiver} for use without a strategy.
 *
 * @publicApi
 */
export interface OpenHttpReceiverOptions extends HttpReceiverOptions {
  /** Clock of timeouts and retries. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Takes what people must see, such as clients that do not speak HTTP. Default: ignored. */
  readonly report?: ((notice: CarrierNotice) => void) | undefined;
  /** Returns why a body can never be handled, and how to answer it. Default: any body may be handled. */
  readonly check?: ((body: Uint8Array) => HttpRefusal | undefined) | undefined;
}

const RECEIVER_NAMES = {
  ...HTTP_RECEIVER_OPTION_NAMES,
  clock: true,
  report: true,
  check: true,
} satisfies OptionNames<OpenHttpReceiverOptions>;

/**
 * Starts the server of the option `port`, if there is one, and returns the receiving end.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws QueueError the server cannot listen at its port
 * @publicApi
 */
export async function openHttpReceiver(given: OpenHttpReceiverOptions = {}): Promise<HttpReceiver> {
  const { clock, report, check, ...options } = checkOptionNames('openHttpReceiver', given, RECEIVER_NAMES);
  const receiver = new HttpInbox(options, { clock, report, check });
  await receiver.listen();
  return receiver;
}

/**
 * Completes the options of {@link openHttpSender} for use without a client.
 *
 * @publicApi
 */
export interface OpenHttpSenderOptions extends HttpSenderOptions {
  /** Clock of timeouts. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

const SENDER_NAMES = { ...HTTP_SENDER_OPTION_NAMES, clock: true } satisfies OptionNames<OpenHttpSenderOptions>;

/**
 * Returns the sending end of HTTP. Each send posts one message, and is answered once the server has
 * taken the message, or has handled it: the server decides. Follows no redirect. Repeats a message
 * only once, if the server had closed its idle connection. Connects with the first message.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @publicApi
 */
export async function openHttpSender(given: OpenHttpSenderOptions): Promise<MessageSender> {
  const { clock = systemClock, ...options } = checkOptionNames('openHttpSender', given, SENDER_NAMES);
  return Promise.resolve(new HttpSender(options, clock));
}
