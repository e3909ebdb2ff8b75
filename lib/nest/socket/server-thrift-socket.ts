import type { AddressInfo } from 'node:net';
import {
  openSocketReceiver,
  resolveSocketReceiver,
  type SocketReceiver,
} from '../../carriers/socket/socket-receiver.js';
import { SOCKET_RECEIVER_OPTION_NAMES, type SocketReceiverOptions } from '../../carriers/socket/socket-options.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import { answerToCall } from '../../event/refused-call.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageSender } from '../../queue/queue.js';
import { createNoticeLog } from '../notice-log.js';
import { BaseThriftServer } from '../server/base-thrift-server.js';
import {
  LEASELESS_OPTION_NAMES,
  type LeaselessServerOptions,
  leaselessSettings,
  openDeadLetterSender,
} from '../server/leaseless-options.js';
import { THRIFT_SOCKET } from '../transport-id.js';

/**
 * Configures {@link ServerThriftSocket}. `host`, `port`, `tlsOptions` and `incompleteMessageTimeout`
 * are named as in Nest's TCP transport.
 *
 * @publicApi
 */
export interface ServerThriftSocketOptions extends LeaselessServerOptions, SocketReceiverOptions {}

const OPTION_NAMES = {
  ...LEASELESS_OPTION_NAMES,
  ...SOCKET_RECEIVER_OPTION_NAMES,
} satisfies OptionNames<ServerThriftSocketOptions>;

/**
 * Handles Thrift oneway calls from sockets. Clients of every Apache library connect to one port:
 * framed or unframed, with the binary, the compact or the JSON protocol. Calls wait in memory, so a
 * process that dies loses them.
 *
 * @example
 * const strategy = new ServerThriftSocket({ port: 9090, service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
 * @publicApi
 */
export class ServerThriftSocket extends BaseThriftServer {
  private readonly clock: Clock;
  private receiver: SocketReceiver | undefined;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(
    private readonly options: ServerThriftSocketOptions,
    clock: Clock = systemClock,
  ) {
    super(leaselessSettings(checkOptionNames('ServerThriftSocket', options, OPTION_NAMES), THRIFT_SOCKET), clock);
    this.clock = clock;
    resolveSocketReceiver(options, clock);
  }

  /**
   * Returns the receiving end.
   *
   * @throws Error before `listen`
   */
  override unwrap<T = SocketReceiver>(): T {
    return super.unwrap<T>();
  }

  /** Returns the address at which the server listens. Undefined before `listen`. */
  get address(): AddressInfo | undefined {
    return this.receiver?.address;
  }

  protected override async openQueue(): Promise<SocketReceiver> {
    const { clock, logger, codec } = this;
    this.receiver = await openSocketReceiver({
      ...pickOptions(this.options, SOCKET_RECEIVER_OPTION_NAMES),
      clock,
      report: createNoticeLog(logger, clock),
      answer: (message) => answerToCall(codec.contract, message),
    });
    return this.receiver;
  }

  protected override openDeadLetterQueue(): Promise<MessageSender> {
    return openDeadLetterSender(this.options.deadLetterQueue!);
  }
}
