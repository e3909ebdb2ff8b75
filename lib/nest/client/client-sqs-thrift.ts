import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { openSqsQueue } from '../../sqs/open-sqs-queue.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../sqs/sqs-queue-options.js';
import type { ClientThriftQueueOptions } from './client-options.js';
import { ClientThriftQueue } from './client-thrift-queue.js';

/** Options of {@link ClientSqsThrift}. */
export interface ClientSqsThriftOptions extends ClientThriftQueueOptions, SqsQueueOptions {}

/**
 * Emits Thrift oneway calls into an SQS queue.
 *
 * @example
 * ClientsModule.register([{ name: BACKUP, customClass: ClientSqsThrift, options: { queue: 'backup', service: BackupQueue } }]);
 */
export class ClientSqsThrift extends ClientThriftQueue {
  /** @throws TypeError, RangeError an option is not acceptable */
  constructor(
    private readonly options: ClientSqsThriftOptions,
    clock?: Clock,
  ) {
    super(options, clock);
    resolveSqsQueueOptions(options);
  }

  protected override openQueue(): Promise<Queue> {
    return openSqsQueue(this.options);
  }
}
