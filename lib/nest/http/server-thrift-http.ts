import type { AddressInfo } from 'node:net';
import { HttpInbox, type HttpReceiver, type HttpRequestListener } from '../../carriers/http/http-inbox.js';
import { HTTP_RECEIVER_OPTION_NAMES, type HttpReceiverOptions } from '../../carriers/http/http-receiver-options.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageReceiver, MessageSender } from '../../queue/queue.js';
import type { HttpAdapter, Mountable } from '../mountable.js';
import { createNoticeLog } from '../notice-log.js';
import { BaseThriftServer } from '../server/base-thrift-server.js';
import {
  LEASELESS_OPTION_NAMES,
  type LeaselessServerOptions,
  leaselessSettings,
  openDeadLetterSender,
} from '../server/leaseless-options.js';
import { THRIFT_HTTP } from '../transport-id.js';
import { bodyChecker } from './check-body.js';

/**
 * Configures {@link ServerThriftHttp}.
 *
 * @publicApi
 */
export interface ServerThriftHttpOptions extends LeaselessServerOptions, HttpReceiverOptions {}

const OPTION_NAMES = {
  ...LEASELESS_OPTION_NAMES,
  ...HTTP_RECEIVER_OPTION_NAMES,
} satisfies OptionNames<ServerThriftHttpOptions>;

const MOUNT_ADVICE =
  "without a port the strategy serves a path of the application's HTTP server; set path, such as '/thrift', or a port";

/**
 * Handles Thrift oneway calls from HTTP requests, of {@link ClientThriftHttp} and of `THttpClient` of
 * any language.
 *
 * With the option `port` it runs a server of its own. Without it, `ThriftFactory.create` mounts it
 * into the HTTP server of the application at `path`, for Express and Fastify; the global prefix,
 * guards and pipes of HTTP do not apply to it. Without ThriftFactory mount `requestListener`.
 *
 * @example
 * const strategy = new ServerThriftHttp({ port: 9090, path: '/thrift', service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
 * @publicApi
 */
export class ServerThriftHttp extends BaseThriftServer implements Mountable {
  private receiver: HttpInbox;
  private isMounted = false;
  private wasOpened = false;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(
    private readonly options: ServerThriftHttpOptions,
    private readonly clock: Clock = systemClock,
  ) {
    super(leaselessSettings(checkOptionNames('ServerThriftHttp', options, OPTION_NAMES), THRIFT_HTTP), clock);
    checkRetries(options);
    this.receiver = this.createReceiver();
  }

  /**
   * Answers requests of a server of the application. Mount it before any middleware that reads
   * bodies, such as `app.use('/thrift', strategy.requestListener)` right after the application was
   * created. It passes requests below that path on.
   */
  get requestListener(): HttpRequestListener {
    this.isMounted = true;
    // A failed start leaves a closed receiver behind.
    return (request, response, next) => this.receiver.requestListener(request, response, next);
  }

  /**
   * Returns the receiving end.
   *
   * @throws Error before `listen`
   */
  override unwrap<T = HttpReceiver>(): T {
    return super.unwrap<T>();
  }

  /** Returns the address of the server of the option `port`. Undefined before `listen`, or without the option. */
  get address(): AddressInfo | undefined {
    return this.receiver.address;
  }

  /**
   * Mounts the strategy into the HTTP server of an application, unless it has a port of its own.
   *
   * @internal
   * @throws TypeError the option path is missing
   */
  mountOn(adapter: HttpAdapter): void {
    const { port, path } = this.options;
    if (port !== undefined) return;
    if (path === undefined) throw new TypeError(`option path is missing: ${MOUNT_ADVICE}`);
    adapter.use(path, this.requestListener);
  }

  protected override async openQueue(): Promise<MessageReceiver> {
    if (this.options.port === undefined && !this.isMounted) {
      throw new Error(
        'option port is missing, and the strategy is not mounted into an HTTP server; set a port, create the application with ' +
          'ThriftFactory.create(module, strategy), or call app.use(path, strategy.requestListener)',
      );
    }
    if (this.wasOpened) this.receiver = this.createReceiver();
    this.wasOpened = true;
    await this.receiver.listen();
    return this.receiver;
  }

  protected override openDeadLetterQueue(): Promise<MessageSender> {
    return openDeadLetterSender(this.options.deadLetterQueue!);
  }

  private createReceiver(): HttpInbox {
    const { clock, logger, codec } = this;
    const parts = { clock, check: bodyChecker(codec), report: createNoticeLog(logger, clock) };
    return new HttpInbox(pickOptions(this.options, HTTP_RECEIVER_OPTION_NAMES), parts);
  }
}

/** @throws TypeError an option is for retries in memory, and there are none */
function checkRetries({ answer, retry, maxRetrySeconds }: ServerThriftHttpOptions): void {
  if (answer !== 'handled') return;
  const unused =
    maxRetrySeconds !== undefined
      ? 'maxRetrySeconds'
      : retry?.maxReceives !== undefined
        ? 'retry.maxReceives'
        : undefined;
  if (unused === undefined) return;
  throw new TypeError(
    `option ${unused} would never be used: with answer: 'handled' the client sends a failed call again, and decides how often`,
  );
}
