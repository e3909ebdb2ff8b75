import type { BatchConsumer } from '../../consume/batch-consumer.js';
import type { ConsumerControl, ConsumerParts } from '../../consume/consumer.js';
import { type Delivery, InvocationEndedError } from '../../consume/delivery.js';
import { OnDemandConsumer } from '../../consume/on-demand-consumer.js';
import { pickOptions } from '../../common/option-names.js';
import { InvocationQueue } from '../../carriers/sqs/invocation/invocation-queue.js';
import type { Invocation } from '../../carriers/sqs/invocation/invocation.js';
import type { LambdaRecord } from '../../carriers/sqs/invocation/lambda-record.js';
import { OnDemandQueue } from '../../carriers/sqs/invocation/on-demand-queue.js';
import { withAddOns } from '../../carriers/sqs/open-sqs-queue.js';
import {
  resolveSqsQueueOptions,
  SQS_QUEUE_OPTION_NAMES,
  type SqsQueueOptions,
} from '../../carriers/sqs/sqs-queue-options.js';
import { messageOf } from '../../diagnostics/error-text.js';
import type { OnewayCall } from '../../event/contract.js';
import { queueName } from '../../nest/queue-name.js';
import { BaseThriftServer } from '../../nest/server/base-thrift-server.js';
import { checkDeadLetterQueue, soleQueue } from '../../nest/server/queue-option.js';
import { SqsThriftContext } from '../../nest/thrift.context.js';
import { withPrefix } from '../../queue/derived-names.js';
import { booleanOption } from '../../queue/options.js';
import type { Queue } from '../../queue/queue.js';
import { type InvocationDeadlines, untilAbort } from './deadlines.js';
import { checkLambdaQueueOptions, type LambdaQueueOptions } from './lambda-queue-options.js';
import { QueueSource } from './queue-source.js';

/** Handles the messages of one SQS queue that AWS Lambda hands over. */
export class ServerSqsLambda extends BaseThriftServer {
  /** Recognizes the events of the queue. With their ARN the queue is found without sqs:GetQueueUrl. */
  readonly source: QueueSource;
  private readonly events: InvocationQueue;
  private consumer: OnDemandConsumer | undefined;

  /** @throws TypeError, RangeError, QueueError an option is unknown or not acceptable */
  constructor(private readonly options: LambdaQueueOptions) {
    super(checkLambdaQueueOptions(options));
    const { queue = soleQueue(this.codec.contract, 'name, URL or ARN'), queuePrefix } = options;
    const given = withPrefix(queue, queuePrefix);
    const { reference, md5 } = resolveSqsQueueOptions(this.access(given));
    this.source = new QueueSource(given);
    checkDeadLetterQueue(options);
    queueName('deadLetterQueue', options.deadLetterQueue);
    this.events = new InvocationQueue({
      name: reference.name,
      md5,
      requests: new OnDemandQueue(given, () => this.requestOptions()),
      changeVisibility: booleanOption('changeVisibility', options.changeVisibility, false),
      resend: booleanOption('resend', options.resend, false),
    });
  }

  /**
   * Handles the records of an invocation. Resolves before the second deadline with the ids of the
   * messages that stay in the queue. Never rejects.
   */
  async handle(records: readonly LambdaRecord[], { ending, over }: InvocationDeadlines): Promise<readonly string[]> {
    const invocation = this.events.begin(records, ending);
    const batch = this.consumer!.begin(invocation);
    const giveUp = (): void => batch.giveUp(new InvocationEndedError());
    ending.addEventListener('abort', giveUp);
    if (ending.aborted) giveUp();
    void this.receive(batch, invocation);
    await Promise.race([invocation.ended, untilAbort(over)]);
    ending.removeEventListener('abort', giveUp);
    if (ending.aborted) this.warnOfRest(invocation.size - batch.startedCount, invocation.size);
    this.consumer!.end(batch);
    return this.events.end(invocation);
  }

  protected override openQueue(): Promise<Queue> {
    const options = resolveSqsQueueOptions(this.access(this.source.given));
    const { region, credentials } = options.config;
    return withAddOns(this.events, options, { region, credentials });
  }

  protected override openDeadLetterQueue(): Promise<Queue> {
    const queue = withPrefix(this.options.deadLetterQueue!, this.options.queuePrefix);
    return Promise.resolve(new OnDemandQueue(queue, () => this.access(queue)));
  }

  protected override createContext(call: OnewayCall, delivery: Delivery): SqsThriftContext {
    return new SqsThriftContext(call, delivery);
  }

  /** @internal */
  protected override createConsumer(parts: ConsumerParts): ConsumerControl {
    return (this.consumer = new OnDemandConsumer(parts));
  }

  /** Never rejects. After a failure the messages of the invocation stay in the queue. */
  private async receive(batch: BatchConsumer, invocation: Invocation): Promise<void> {
    try {
      await batch.receiveAll();
    } catch (error) {
      this.logger.error(`the messages of an event of ${this.source.given} cannot be read: ${messageOf(error)}`);
      invocation.close();
    }
  }

  private warnOfRest(rest: number, size: number): void {
    if (rest === 0) return;
    this.logger.warn(
      `${rest} of ${size} messages of an event of ${this.source.given} were not started before the end of its time, and each comes back, which counts as a receive; ` +
        'lower the batch size of the event source, or raise the timeout of the function, its memory or concurrency',
    );
  }

  private requestOptions(): SqsQueueOptions {
    const { given, arn } = this.source;
    const isName = !given.includes(':');
    return this.access(isName ? (arn ?? given) : given, false);
  }

  /** Returns the options of the queue. Envelopes and large bodies belong to its events. */
  private access(queue: string, isWhole = true): SqsQueueOptions {
    const { envelope, largePayloads, ...access } = pickOptions(this.options, SQS_QUEUE_OPTION_NAMES);
    if (!isWhole) return { ...access, queue };
    return {
      ...access,
      queue,
      ...(envelope !== undefined && { envelope }),
      ...(largePayloads !== undefined && { largePayloads: { ...largePayloads, deletePayloads: false } }),
    };
  }
}
