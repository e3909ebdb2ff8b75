import type { Consumer, ConsumerParts } from '../../consume/consumer.js';
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
import type { InvocationDeadlines } from './deadlines.js';
import { checkLambdaQueueOptions, type LambdaQueueOptions } from './lambda-queue-options.js';

/** Handles the messages of one SQS queue that AWS Lambda hands over. */
export class ServerSqsLambda extends BaseThriftServer {
  /** The name, URL or ARN of the queue. */
  readonly source: string;
  private readonly events: InvocationQueue;
  private consumer: OnDemandConsumer | undefined;
  /** ARN of the queue, from its events. With it the queue is found without sqs:GetQueueUrl. */
  private arn: string | undefined;

  /** @throws TypeError, RangeError, QueueError an option is unknown or not acceptable */
  constructor(private readonly options: LambdaQueueOptions) {
    super(checkLambdaQueueOptions(options));
    const { queue = soleQueue(this.codec.contract, 'name, URL or ARN'), queuePrefix } = options;
    this.source = withPrefix(queue, queuePrefix);
    const { reference, md5 } = resolveSqsQueueOptions(this.access(this.source));
    checkDeadLetterQueue(options);
    queueName('deadLetterQueue', options.deadLetterQueue);
    this.events = new InvocationQueue({
      name: reference.name,
      md5,
      requests: new OnDemandQueue(this.source, () => this.requestOptions()),
      changeVisibility: booleanOption('changeVisibility', options.changeVisibility, false),
      resend: booleanOption('resend', options.resend, false),
    });
  }

  /** True if the queue of this strategy has the ARN. */
  receivesFrom(arn: string): boolean {
    return this.source.startsWith('arn:') ? this.source === arn : arn.endsWith(`:${this.events.name}`);
  }

  /**
   * Handles the records of an invocation. Resolves before the second deadline with the ids of the
   * messages that stay in the queue. Never rejects.
   */
  async handle(records: readonly LambdaRecord[], { ending, over }: InvocationDeadlines): Promise<readonly string[]> {
    this.arn ??= records[0]?.eventSourceARN;
    const invocation = this.events.begin(records);
    const giveUp = (): void => this.giveUp(invocation);
    ending.addEventListener('abort', giveUp);
    if (ending.aborted) giveUp();
    void this.receive(invocation, ending);
    await Promise.race([invocation.ended.then(() => this.events.whenReleased()), abortOf(over)]);
    ending.removeEventListener('abort', giveUp);
    return this.events.end(invocation);
  }

  protected override openQueue(): Promise<Queue> {
    const options = resolveSqsQueueOptions(this.access(this.source));
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
  protected override createConsumer(parts: ConsumerParts): Consumer {
    const ended: OnDemandConsumer['ended'] = (message, isGone) => this.events.ended(message, isGone);
    return (this.consumer = new OnDemandConsumer({ ...parts, ended }));
  }

  /** Aborts the handlers of an invocation, and gives back what has not started. */
  private giveUp(invocation: Invocation): void {
    this.events.releaseWaiting(invocation);
    this.consumer?.giveUp((message) => invocation.has(message), new InvocationEndedError());
  }

  /** Never rejects. After a failure the messages of the invocation stay in the queue. */
  private async receive(invocation: Invocation, ending: AbortSignal): Promise<void> {
    try {
      await this.consumer?.receiveAll(ending);
    } catch (error) {
      this.logger.error(`the messages of an event of ${this.source} cannot be read: ${messageOf(error)}`);
      this.events.end(invocation);
    }
  }

  private requestOptions(): SqsQueueOptions {
    const isName = !this.source.includes(':');
    return this.access(isName ? (this.arn ?? this.source) : this.source, false);
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

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
