import { openStarlingSender } from '../../carriers/starling/open-starling-queue.js';
import {
  resolveStarlingOptions,
  STARLING_SERVER_OPTION_NAMES,
  type StarlingSenderOptions,
  type StarlingServerOptions,
} from '../../carriers/starling/starling-options.js';
import { STARLING_FEATURES } from '../../carriers/starling/starling-sender.js';
import { checkOptionNames, type OptionNames, pickOptions } from '../../common/option-names.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import type { Clock } from '../../queue/clock.js';
import type { MessageSender, QueueFeatures } from '../../queue/queue.js';
import type { QueuePrefixOption } from '../../queue/derived-names.js';
import { BaseThriftClient } from '../client/base-thrift-client.js';
import { PLAIN_CLIENT_OPTION_NAMES, type PlainClientOptions } from '../client/plain-client-options.js';
import { checkQueueOptions, queueFor } from '../client/queue-names.js';

/**
 * Configures {@link ClientThriftStarling}.
 *
 * @publicApi
 */
export interface ClientThriftStarlingOptions extends PlainClientOptions, QueuePrefixOption, StarlingServerOptions {
  /**
   * Sets the queue for methods without `sqs.queue` in their contract, by 1 to 250 letters, digits,
   * `_` and `-`. Required if the contract has methods of this kind.
   */
  readonly queue?: string | undefined;
  /**
   * Maps queue names of the contract to names of queues: `{ 'backup.fifo': 'backup' }`. Default: the
   * names in the contract, behind `queuePrefix`.
   */
  readonly queueNames?: Readonly<Record<string, string>> | undefined;
}

const OPTION_NAMES = {
  ...PLAIN_CLIENT_OPTION_NAMES,
  ...STARLING_SERVER_OPTION_NAMES,
  queue: true,
  queueNames: true,
  queuePrefix: true,
} satisfies OptionNames<ClientThriftStarlingOptions>;

/**
 * Emits Thrift oneway calls into queues of Starling, Kestrel, Siberite or Darner. One call is one
 * item. An `emit` resolves when the server has answered STORED.
 *
 * @example
 * ClientsModule.register([
 *   ClientThriftStarling.register(BACKUP, { queue: 'backup', service: BackupQueue }),
 * ]);
 * @publicApi
 */
export class ClientThriftStarling<Methods extends object = UntypedMethods> extends BaseThriftClient<Methods> {
  private readonly destinations: ReadonlyMap<string | undefined, StarlingSenderOptions>;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(options: ClientThriftStarlingOptions, clock?: Clock) {
    super(checkOptionNames('ClientThriftStarling', options, OPTION_NAMES), clock);
    const { contract } = this.codec;
    checkQueueOptions(options, contract, 'name');
    const settingsOf = (name: string | undefined): StarlingSenderOptions => {
      const queue = queueFor(name, options);
      const settings = { ...pickOptions(options, STARLING_SERVER_OPTION_NAMES), queue, ...(clock && { clock }) };
      resolveStarlingOptions(settings);
      return settings;
    };
    this.destinations = new Map([...contract.queues()].map((name) => [name, settingsOf(name)]));
  }

  protected override get carrier(): Pick<QueueFeatures, 'body' | 'attributes'> {
    return STARLING_FEATURES;
  }

  protected override openQueue(name: string | undefined): Promise<MessageSender> {
    return openStarlingSender(this.destinations.get(name)!);
  }
}
