import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageReceiver } from '../../queue/queue.js';
import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { Inbox } from '../inbox/inbox.js';
import { type InboxOptions, resolveInboxOptions } from '../inbox/inbox-options.js';
import { socketError } from './socket-error.js';
import type { CarrierNotice } from '../../queue/carrier-notice.js';
import { resolveReceiverOptions, SOCKET_RECEIVER_OPTION_NAMES, type SocketReceiverOptions } from './socket-options.js';
import { SocketServer } from './socket-server.js';

/**
 * The receiving end of a socket server: the messages of all its connections.
 *
 * @publicApi
 */
export interface SocketReceiver extends MessageReceiver {
  /** Address at which the server listens. */
  readonly address: AddressInfo;
}

class ListeningInbox extends Inbox implements SocketReceiver {
  override readonly carrier = 'socket';

  constructor(
    options: InboxOptions,
    server: SocketServer,
    readonly address: AddressInfo,
  ) {
    super(options, server);
  }
}

/**
 * Completes the options of {@link openSocketReceiver} for use without a strategy.
 *
 * @publicApi
 */
export interface OpenSocketReceiverOptions extends SocketReceiverOptions {
  /** Clock of timeouts and retries. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Takes what people must see, such as refused connections. Default: ignored. */
  readonly report?: ((notice: CarrierNotice) => void) | undefined;
  /**
   * Returns the encoded answer to a message whose sender waits for one. Default: no message is
   * answered.
   */
  readonly answer?: ((message: Buffer) => Buffer | undefined) | undefined;
}

const NAMES = {
  ...SOCKET_RECEIVER_OPTION_NAMES,
  clock: true,
  report: true,
  answer: true,
} satisfies OptionNames<OpenSocketReceiverOptions>;

/**
 * Listens for connections, and returns the receiving end. Recognizes framed and unframed messages
 * of the binary, compact and JSON protocol by the first bytes of a connection.
 *
 * @throws TypeError, RangeError an option is unknown or not acceptable
 * @throws QueueError the address is in use, or may not be used
 * @publicApi
 */
export async function openSocketReceiver(given: OpenSocketReceiverOptions = {}): Promise<SocketReceiver> {
  const {
    clock = systemClock,
    report = ignore,
    answer = ignore,
    ...options
  } = checkOptionNames('openSocketReceiver', given, NAMES);
  const { server, inbox } = resolveSocketReceiver(options, clock);
  const parts = {
    ...server,
    clock,
    report,
    answer,
    maxIncompleteBytes: Math.max(inbox.maxBytes, 2 * server.maxFrameBytes),
  };
  const sockets = new SocketServer(parts);
  const open = (address: AddressInfo): ListeningInbox =>
    new ListeningInbox({ ...inbox, name: `socket ${server.host}:${address.port}` }, sockets, address);
  try {
    return await sockets.listen(open);
  } catch (error) {
    throw socketError(error, `socket ${server.host}:${server.port}`, 'listen at');
  }
}

function ignore(): undefined {
  return undefined;
}

type InboxSettings = Omit<InboxOptions, 'name'> & { readonly maxBytes: number };

/**
 * Checks the options of a receiver.
 *
 * @throws TypeError, RangeError names the option, the value and the range
 */
export function resolveSocketReceiver(
  options: SocketReceiverOptions,
  clock: Clock,
): { readonly server: ReturnType<typeof resolveReceiverOptions>; readonly inbox: InboxSettings } {
  const server = resolveReceiverOptions(options);
  const { maxMessages, maxRetrySeconds } = options;
  const inbox = { clock, messageBytes: server.maxFrameBytes, maxMessages, maxRetrySeconds, maxBytes: options.maxBytes };
  const { maxBytes } = resolveInboxOptions({ ...inbox, name: '' });
  return { server, inbox: { ...inbox, maxBytes } };
}
