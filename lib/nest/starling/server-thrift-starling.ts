import { openStarlingQueue, openStarlingSender } from '../../carriers/starling/open-starling-queue.js';
import {
  resolveStarlingOptions,
  STARLING_SERVER_OPTION_NAMES,
  type StarlingQueueOptions,
} from '../../carriers/starling/starling-options.js';
import { checkOptionNames, pickOptions } from '../../common/option-names.js';
import type { Clock } from '../../queue/clock.js';
import type { MessageReceiver, MessageSender } from '../../queue/queue.js';
import { BaseThriftServer } from '../server/base-thrift-server.js';
import { openDeadLetterSender } from '../server/leaseless-options.js';
import { withPrefix } from '../../queue/derived-names.js';
import { soleQueue } from '../server/queue-option.js';
import {
  errorQueueOf,
  STARLING_STRATEGY_OPTION_NAMES,
  type ServerThriftStarlingOptions,
  settingsOf,
} from './server-thrift-starling-options.js';

const AT_MOST_ONCE =
  'speaks the dialect of Starling, which delivers AT MOST ONCE: a message leaves the server when this worker reads it. ' +
  'If the worker is killed, the messages in its hands and those that wait for a retry are LOST. ' +
  'Use Kestrel or Siberite to get them back.';

/**
 * Handles Thrift oneway calls from a queue of Starling, Kestrel, Siberite or Darner.
 *
 * With the dialect `kestrel` a message stays at the server until it is handled, and goes back if the
 * worker is killed: at least once. With the dialect `starling` the message is in the memory of the
 * worker alone: at most once. The strategy says so when it starts.
 *
 * @example
 * const strategy = new ServerThriftStarling({ queue: 'backup', service: BackupQueue });
 * const app = await ThriftFactory.createMicroservice(WorkerModule, strategy);
 * @publicApi
 */
export class ServerThriftStarling extends BaseThriftServer {
  private readonly source: StarlingQueueOptions;
  private readonly openErrors: () => Promise<MessageSender>;

  /** @throws TypeError, RangeError an option is unknown or not acceptable */
  constructor(options: ServerThriftStarlingOptions, clock?: Clock) {
    super(settingsOf(checkOptionNames('ServerThriftStarling', options, STARLING_STRATEGY_OPTION_NAMES)), clock);
    const { queue: name = soleQueue(this.codec.contract, 'name'), maxRetrying, deadLetterQueue } = options;
    const queue = withPrefix(name, options.queuePrefix);
    const server = { ...pickOptions(options, STARLING_SERVER_OPTION_NAMES), ...(clock && { clock }) };
    this.source = { ...server, queue, maxRetrying };
    resolveStarlingOptions(this.source);
    if (deadLetterQueue === undefined) {
      const errorQueue = errorQueueOf(options, queue);
      this.openErrors = () => openStarlingSender({ ...server, queue: errorQueue });
    } else this.openErrors = () => openDeadLetterSender(deadLetterQueue);
  }

  protected override async openQueue(): Promise<MessageReceiver> {
    const queue = await openStarlingQueue(this.source);
    if (queue.dialect === 'starling') this.logger.warn(`${queue.name} ${AT_MOST_ONCE}`);
    return queue;
  }

  protected override openDeadLetterQueue(): Promise<MessageSender> {
    return this.openErrors();
  }
}
