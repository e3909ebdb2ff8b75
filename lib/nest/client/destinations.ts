import { pickOptions } from '../../common/option-names.js';
import type { Contract } from '../../event/contract.js';
import type { MessageSender } from '../../queue/queue.js';
import { openSqsQueue } from '../../carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '../../carriers/sqs/sns/open-sns-topic.js';
import { resolveSnsTopicOptions, type SnsTopicOptions } from '../../carriers/sqs/sns/sns-topic-options.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import { CLIENT_QUEUE_OPTION_NAMES, type ClientSqsThriftOptions } from './client-options.js';
import { checkQueueOptions, queueFor } from './queue-names.js';

/**
 * Maps each queue name of the contract to a function that opens the queue. The key `undefined`
 * stands for the queue or topic of methods without a queue name.
 */
export type Destinations = ReadonlyMap<string | undefined, () => Promise<MessageSender>>;

/**
 * Resolves the destinations of a contract's calls.
 *
 * @throws TypeError, QueueError a queue or topic is missing, would never be used, or is invalid
 */
export function resolveDestinations(options: ClientSqsThriftOptions, contract: Contract): Destinations {
  checkQueueOptions(options, contract, 'name, URL or ARN');
  checkTopic(options, contract);
  return new Map([...contract.queues()].map((name) => [name, destination(name, options)]));
}

function checkTopic({ topic, topicClient, client, largePayloads }: ClientSqsThriftOptions, contract: Contract): void {
  if (topic === undefined) {
    if (topicClient === undefined) return;
    throw new TypeError('option topicClient would never be used: the option topic is missing');
  }
  if (client !== undefined && contract.queues().size === 1) {
    throw new TypeError(
      'option client is for queues and would never be used: all calls go to the topic. Use topicClient.',
    );
  }
  if (largePayloads !== undefined && contract.queues().size === 1) {
    throw new TypeError('option largePayloads is for queues and would never be used: all calls go to the topic');
  }
  const delayed = contract.oneway().find(({ route }) => route.queue === undefined && route.delaySeconds !== undefined);
  if (delayed) {
    throw new TypeError(
      `option topic: ${delayed.service.name}.${delayed.fn.name} has a delay in its IDL, and a topic takes no delay. ` +
        'Set DelaySeconds on the queues behind the topic.',
    );
  }
}

/** Returns the limits of time that a topic knows. It receives nothing. */
function withoutReceives(timeouts: SqsQueueOptions['timeouts']): SnsTopicOptions['timeouts'] {
  // A value that is no object is refused later.
  if (typeof timeouts !== 'object' || (timeouts as unknown) === null) return timeouts;
  const { receiveExtraMs: _, ...known } = timeouts;
  return known;
}

function destination(name: string | undefined, options: ClientSqsThriftOptions): () => Promise<MessageSender> {
  const { region, endpoint, credentials, topicClient: client } = options;
  const timeouts = withoutReceives(options.timeouts);
  if (name === undefined && options.topic !== undefined) {
    const settings: SnsTopicOptions = { topic: options.topic, region, endpoint, credentials, client, timeouts };
    resolveSnsTopicOptions(settings);
    return () => openSnsTopic(settings);
  }
  const queue = queueFor(name, options);
  const settings: SqsQueueOptions = { ...pickOptions(options, CLIENT_QUEUE_OPTION_NAMES), queue };
  resolveSqsQueueOptions(settings);
  return () => openSqsQueue(settings);
}
