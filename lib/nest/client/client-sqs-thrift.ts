import type { Clock } from '../../queue/clock.js';
import type { SendPort } from '../../queue/queue.js';
import { openSqsQueue } from '../../sqs/open-sqs-queue.js';
import type { SqsQueueOptions } from '../../sqs/sqs-queue-options.js';
import type { ClientThriftQueueOptions } from './client-options.js';
import { ClientThriftQueue } from './client-thrift-queue.js';
import { resolveDestinations, type Destinations } from './destinations.js';

/** Options of {@link ClientSqsThrift}. */
export interface ClientSqsThriftOptions extends ClientThriftQueueOptions, Omit<SqsQueueOptions, 'queue'> {
  /** The queue's name, URL or ARN, for the methods whose contract names none (`sqs.queue`). Needed when there are such methods. */
  readonly queue?: string | undefined;
  /**
   * What the queues that the contract names are called here, by name, URL or ARN: `{ backup: 'staging-backup' }`. Default: as the
   * contract calls them.
   */
  readonly queues?: Readonly<Record<string, string>> | undefined;
}

/**
 * Emits Thrift oneway calls into SQS queues.
 *
 * @example
 * ClientsModule.register([{ name: BACKUP, customClass: ClientSqsThrift, options: { queue: 'backup', service: BackupQueue } }]);
 */
export class ClientSqsThrift extends ClientThriftQueue {
  private readonly destinations: Destinations;

  /** @throws TypeError, RangeError, QueueError an option is not acceptable */
  constructor(options: ClientSqsThriftOptions, clock?: Clock) {
    super(options, clock);
    this.destinations = resolveDestinations(options, this.codec.contract);
  }

  protected override openQueue(name: string | undefined): Promise<SendPort> {
    return openSqsQueue(this.destinations.get(name)!);
  }
}
