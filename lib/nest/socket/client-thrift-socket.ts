import {
  resolveSenderOptions,
  SOCKET_SENDER_OPTION_NAMES,
  type SocketSenderOptions,
} from '../../carriers/socket/socket-options.js';
import { openSocketSender } from '../../carriers/socket/socket-sender.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageSender, QueueFeatures } from '../../queue/queue.js';
import { BaseThriftClient } from '../client/base-thrift-client.js';
import { PLAIN_CLIENT_OPTION_NAMES, type PlainClientOptions } from '../client/plain-client-options.js';
import { createNoticeLog } from '../notice-log.js';

/**
 * Configures {@link ClientThriftSocket}.
 *
 * @publicApi
 */
export interface ClientThriftSocketOptions extends PlainClientOptions, SocketSenderOptions {}

const OPTION_NAMES = {
  ...PLAIN_CLIENT_OPTION_NAMES,
  ...SOCKET_SENDER_OPTION_NAMES,
} satisfies OptionNames<ClientThriftSocketOptions>;

const CARRIER = { body: 'bytes', attributes: false } as const;

/**
 * Emits Thrift oneway calls to a server with sockets, of this library or of Apache's. An emit resolves
 * when the kernel of this machine has taken the call; nothing more is known. Calls wait in a bounded
 * buffer while the server is away. A call whose write failed is sent again, and may then arrive twice.
 *
 * @example
 * const client = new ClientThriftSocket<BackupQueueMethods>({ port: 9090, service: BackupQueue });
 * @publicApi
 */
export class ClientThriftSocket<Methods extends object = UntypedMethods> extends BaseThriftClient<Methods> {
  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(
    private readonly options: ClientThriftSocketOptions,
    private readonly clock: Clock = systemClock,
  ) {
    super(checkOptionNames('ClientThriftSocket', options, OPTION_NAMES), clock);
    resolveSenderOptions(options);
  }

  protected override get carrier(): Pick<QueueFeatures, 'body' | 'attributes'> {
    return CARRIER;
  }

  protected override openQueue(): Promise<MessageSender> {
    const { clock, logger } = this;
    const options = pickOptions(this.options, SOCKET_SENDER_OPTION_NAMES);
    return openSocketSender({ ...options, clock, report: createNoticeLog(logger, clock) });
  }
}
