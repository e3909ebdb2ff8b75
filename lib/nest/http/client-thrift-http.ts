import { HttpSender } from '../../carriers/http/http-sender.js';
import {
  HTTP_SENDER_OPTION_NAMES,
  type HttpSenderOptions,
  resolveHttpSenderOptions,
} from '../../carriers/http/http-sender-options.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import { type Clock, systemClock } from '../../queue/clock.js';
import type { MessageSender, QueueFeatures } from '../../queue/queue.js';
import { BaseThriftClient } from '../client/base-thrift-client.js';
import { type BaseThriftClientOptions, CLIENT_OPTION_NAMES } from '../client/client-options.js';

/**
 * Configures {@link ClientThriftHttp}.
 *
 * @publicApi
 */
export interface ClientThriftHttpOptions
  extends Omit<BaseThriftClientOptions, 'maxInFlight' | 'lingerMs' | 'pack' | 'strictOrder'>, HttpSenderOptions {
  /** Largest number of open requests. Each carries one call. 1 to 64, default 16. */
  readonly maxInFlight?: number | undefined;
}

const { lingerMs: _linger, pack: _pack, strictOrder: _order, ...PUBLISHING_NAMES } = CLIENT_OPTION_NAMES;

const OPTION_NAMES = {
  ...PUBLISHING_NAMES,
  ...HTTP_SENDER_OPTION_NAMES,
} satisfies OptionNames<ClientThriftHttpOptions>;

/** Requests that are open at a time by default. A request carries one call, and not ten as with SQS. */
const MAX_IN_FLIGHT = 16;

/**
 * Emits Thrift oneway calls as HTTP requests, to {@link ServerThriftHttp} or any server of Apache
 * Thrift. An `emit` resolves once the server has answered 200, and rejects for any other answer that
 * a repetition cannot change. It repeats calls that get no answer, or 503, as `deliveryTimeoutMs` and
 * `maxAttempts` say, and no sooner than `Retry-After` asks. It never follows a redirect.
 *
 * @example
 * ClientsModule.register([
 *   ClientThriftHttp.register(BACKUP, { url: 'http://localhost:9090/thrift', service: BackupQueue }),
 * ]);
 * @publicApi
 */
export class ClientThriftHttp<Methods extends object = UntypedMethods> extends BaseThriftClient<Methods> {
  private readonly target: HttpSenderOptions;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(
    options: ClientThriftHttpOptions,
    private readonly clock: Clock = systemClock,
  ) {
    const { maxInFlight = MAX_IN_FLIGHT, service } = checkOptionNames('ClientThriftHttp', options, OPTION_NAMES);
    super({ ...pickOptions(options, PUBLISHING_NAMES), service, maxInFlight }, clock);
    this.target = pickOptions(options, HTTP_SENDER_OPTION_NAMES);
    resolveHttpSenderOptions(this.target);
  }

  /** Asks the server for an answer. Rejects if it does not answer, or takes no messages. */
  override async connect(): Promise<void> {
    await this.publisher.connect();
    await this.check();
  }

  protected override get carrier(): Pick<QueueFeatures, 'body' | 'attributes'> {
    return { body: 'bytes', attributes: true };
  }

  protected override openQueue(): Promise<MessageSender> {
    return Promise.resolve(new HttpSender(this.target, this.clock));
  }
}
