import type { Clock } from '../../queue/clock.js';
import type { MessageSender } from '../../queue/queue.js';
import type { ClientSqsThriftOptions } from './client-options.js';
import { BaseThriftClient } from './base-thrift-client.js';
import { resolveDestinations, type Destinations } from './destinations.js';

/**
 * Emits Thrift oneway calls into SQS queues, or to all queues behind an SNS topic.
 *
 * @example
 * ClientsModule.register([
 *   {
 *     name: BACKUP,
 *     customClass: ClientSqsThrift,
 *     options: { queue: 'backup', service: BackupQueue },
 *   },
 * ]);
 */
export class ClientSqsThrift extends BaseThriftClient {
  private readonly destinations: Destinations;

  /** @throws TypeError, RangeError, QueueError an option is not acceptable */
  constructor(options: ClientSqsThriftOptions, clock?: Clock) {
    super(options, clock);
    this.destinations = resolveDestinations(options, this.codec.contract);
  }

  protected override openQueue(name: string | undefined): Promise<MessageSender> {
    return this.destinations.get(name)!();
  }
}
