import { checkOptionNames, type OptionNames } from '../../common/option-names.js';
import { numberOption } from '../../queue/options.js';
import { deadLetterQueueName } from '../../queue/derived-names.js';

/** Account of every queue of the server. */
const ACCOUNT = '000000000000';

/**
 * Options of {@link EmbeddedQueues.createQueue}.
 *
 * @publicApi
 */
export interface EmbeddedQueueOptions {
  /** Sets attributes as in CreateQueue, all of them text: `{ VisibilityTimeout: '7' }`. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /**
   * True to create a dead-letter queue too, and a redrive policy that moves messages there. The
   * queue `orders` gets `orders-dlq`, and `orders.fifo` gets `orders-dlq.fifo`. Default false.
   */
  readonly deadLetterQueue?: boolean | undefined;
  /**
   * Number of receives after which a message moves to the dead-letter queue. Needs
   * `deadLetterQueue`. 1 to 1 000, default 3.
   */
  readonly maxReceiveCount?: number | undefined;
}

const NAMES = {
  attributes: true,
  deadLetterQueue: true,
  maxReceiveCount: true,
} satisfies OptionNames<EmbeddedQueueOptions>;

/**
 * Names a queue of the embedded server in every form that clients and policies need.
 *
 * @publicApi
 */
export interface EmbeddedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** The dead-letter queue that was created with the queue. */
  readonly deadLetterQueue?: EmbeddedQueue;
}

/**
 * Manages SQS queues of the embedded server.
 *
 * @publicApi
 */
export interface EmbeddedQueues {
  /**
   * Creates a queue, FIFO if its name ends in `.fifo`.
   *
   * @throws TypeError, RangeError an option is not acceptable
   * @throws Error SQS refuses the attributes
   * @example
   * const { deadLetterQueue } = await sqs.createQueue('backup', { deadLetterQueue: true });
   */
  createQueue(
    name: string,
    options: EmbeddedQueueOptions & { readonly deadLetterQueue: true },
  ): Promise<EmbeddedQueue & { readonly deadLetterQueue: EmbeddedQueue }>;
  createQueue(name: string, options?: EmbeddedQueueOptions): Promise<EmbeddedQueue>;
}

/**
 * Sends CreateQueue without the SDK, which only lib/carriers/sqs uses. The server checks no
 * signature.
 */
export function embeddedQueues(endpoint: string, region: string): EmbeddedQueues {
  const create = async (name: string, attributes: Readonly<Record<string, string>>): Promise<EmbeddedQueue> => ({
    name,
    url: await requestQueue(endpoint, name, attributes),
    arn: `arn:aws:sqs:${region}:${ACCOUNT}:${name}`,
  });
  const createQueue = async (name: string, options: EmbeddedQueueOptions = {}): Promise<EmbeddedQueue> => {
    checkOptionNames('createQueue', options, NAMES);
    const { attributes = {}, deadLetterQueue: wanted = false, maxReceiveCount: given } = options;
    if (!wanted && given !== undefined) throw new TypeError('option maxReceiveCount needs deadLetterQueue: true');
    if (!wanted) return create(name, attributes);
    const maxReceiveCount = numberOption('maxReceiveCount', given, 3, 1, 1_000);
    const deadLetterQueue = await create(deadLetterQueueName(name), {});
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount });
    return { ...(await create(name, { RedrivePolicy, ...attributes })), deadLetterQueue };
  };
  return { createQueue: createQueue as EmbeddedQueues['createQueue'] };
}

async function requestQueue(
  endpoint: string,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.CreateQueue' },
    body: JSON.stringify({ QueueName: name, Attributes: attributes }),
  });
  const answer = (await response.json()) as { QueueUrl?: string; message?: string };
  if (response.ok && answer.QueueUrl !== undefined) return answer.QueueUrl;
  throw new Error(`The embedded SQS did not create the queue "${name}": ${answer.message ?? response.status}`);
}
