import { checkOptionNames } from '../../common/option-names.js';
import type { Clock } from '../../queue/clock.js';
import type { UntypedMethods } from '../../idl/typed-service.js';
import type { MessageSender } from '../../queue/queue.js';
import { CLIENT_SQS_OPTION_NAMES, type ClientSqsThriftOptions } from './client-options.js';
import { BaseThriftClient } from './base-thrift-client.js';
import { resolveDestinations, type Destinations } from './destinations.js';

/**
 * Emits Thrift oneway calls into SQS queues, or to all queues behind an SNS topic.
 *
 * @example
 * ClientsModule.register([ClientSqsThrift.register(BACKUP, { queue: 'backup', service: BackupQueue })]);
 * @publicApi
 */
export class ClientSqsThrift<Methods extends object = UntypedMethods> extends BaseThriftClient<Methods> {
  private readonly destinations: Destinations;

  /** @throws TypeError, RangeError, QueueError an option is unknown or not acceptable */
  constructor(options: ClientSqsThriftOptions, clock?: Clock) {
    super(checkOptionNames('ClientSqsThrift', options, CLIENT_SQS_OPTION_NAMES), clock);
    this.destinations = resolveDestinations(options, this.codec.contract);
  }

  protected override openQueue(name: string | undefined): Promise<MessageSender> {
    return this.destinations.get(name)!();
  }
}
