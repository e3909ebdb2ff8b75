import type { Delivery } from '../../consume/delivery.js';
import type { OnewayCall } from '../../event/oneway-call.js';
import type { Clock } from '../../queue/clock.js';
import type { Queue } from '../../queue/queue.js';
import { openSqsQueue } from '../../sqs/open-sqs-queue.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../sqs/sqs-queue-options.js';
import { SqsThriftContext } from '../context/sqs-thrift.context.js';
import type { ServerThriftQueueOptions } from './server-options.js';
import { ServerThriftQueue } from './server-thrift-queue.js';

/** Options of {@link ServerSqsThrift}. */
export interface ServerSqsThriftOptions extends ServerThriftQueueOptions, SqsQueueOptions {
  /** The queue that rejected messages are copied to, by name, URL or ARN. Required by, and only for, `poison: 'dead-letter'`. */
  readonly deadLetterQueue?: string;
}

/**
 * Handles Thrift oneway calls from an SQS queue.
 *
 * @example
 * // Alone in a root module of its own it drains on a signal before anything that its handlers use is destroyed.
 * @Module({
 *   imports: [WorkerModule],
 *   providers: [{ provide: ServerSqsThrift, useFactory: () => new ServerSqsThrift({ queue: 'backup', service: BackupQueue }) }],
 * })
 * class RootModule {}
 *
 * const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(RootModule, {
 *   inject: [ServerSqsThrift],
 *   useFactory: (strategy: ServerSqsThrift) => ({ strategy }),
 * });
 */
export class ServerSqsThrift extends ServerThriftQueue {
  /** @throws TypeError, RangeError an option is not acceptable */
  constructor(
    private readonly options: ServerSqsThriftOptions,
    clock?: Clock,
  ) {
    super(options, clock);
    resolveSqsQueueOptions(options);
    if ((options.poison === 'dead-letter') !== (options.deadLetterQueue !== undefined)) {
      throw new TypeError("option deadLetterQueue goes with poison: 'dead-letter', and poison: 'dead-letter' needs it");
    }
  }

  protected override openQueue(): Promise<Queue> {
    return openSqsQueue(this.options);
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    return openSqsQueue({ ...this.options, queue: this.options.deadLetterQueue! });
  }

  protected override createContext(call: OnewayCall, delivery: Delivery): SqsThriftContext {
    return new SqsThriftContext(call, delivery);
  }
}
