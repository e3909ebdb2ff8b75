import type { Contract } from '../../event/contract.js';
import type { MessageSender } from '../../queue/queue.js';
import { openSqsQueue } from '../../carriers/sqs/open-sqs-queue.js';
import { openSnsTopic } from '../../carriers/sqs/sns/open-sns-topic.js';
import { resolveSnsTopicOptions, type SnsTopicOptions } from '../../carriers/sqs/sns/sns-topic-options.js';
import { resolveSqsQueueOptions, type SqsQueueOptions } from '../../carriers/sqs/sqs-queue-options.js';
import type { ClientSqsThriftOptions } from './client-options.js';

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
  const names = contract.queues();
  checkOwn(options, contract);
  checkTopic(options, contract);
  const strange = Object.keys(options.queueNames ?? {}).filter((name) => !names.has(name));
  if (strange.length > 0) {
    throw new TypeError(
      `option queueNames: the contract names no queue ${strange.join(', ')}. The contract names ${listed(names)}.`,
    );
  }
  return new Map([...names].map((name) => [name, destination(name, options)]));
}

/**
 * Checks the destination of methods that name no queue. If the contract has methods of this kind,
 * exactly one destination is required. Otherwise no destination is allowed.
 */
function checkOwn(options: ClientSqsThriftOptions, contract: Contract): void {
  const { queue, topic } = options;
  if (queue !== undefined && topic !== undefined) {
    throw new TypeError(
      'options queue and topic exclude each other. Calls without a queue in the IDL go to the queue or to the topic.',
    );
  }
  if (queue === undefined && topic === undefined) checkNoneNeeded(contract);
  else checkUsed(queue === undefined ? 'topic' : 'queue', contract);
}

function checkNoneNeeded(contract: Contract): void {
  const open = contract.oneway().find(({ route }) => route.queue === undefined);
  if (!open && contract.oneway().length > 0) return;
  const whose = open ? `${open.service.name}.${open.fn.name} names no queue in its IDL` : 'the contract names no queue';
  throw new TypeError(`option queue is missing: ${whose}. Give the name, URL or ARN of a queue.`);
}

function checkUsed(option: 'queue' | 'topic', contract: Contract): void {
  if (contract.queues().has(undefined)) return;
  throw new TypeError(
    `option ${option} would never be used: every method names its queue in the IDL ` +
      `(${listed(contract.queues())}). Use option queueNames to rename these queues.`,
  );
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

function destination(name: string | undefined, options: ClientSqsThriftOptions): () => Promise<MessageSender> {
  const { region, endpoint, credentials, topicClient: client, timeouts } = options;
  if (name === undefined && options.topic !== undefined) {
    const settings: SnsTopicOptions = { topic: options.topic, region, endpoint, credentials, client, timeouts };
    refusePack(resolveSnsTopicOptions(settings).topic.name, 'topic', options);
    return () => openSnsTopic(settings);
  }
  const queue = name === undefined ? options.queue! : (options.queueNames?.[name] ?? name);
  const settings: SqsQueueOptions = { ...options, queue };
  refusePack(resolveSqsQueueOptions(settings).reference.name, 'queue', options);
  return () => openSqsQueue(settings);
}

function refusePack(name: string, kind: 'queue' | 'topic', { pack }: ClientSqsThriftOptions): void {
  if (!pack || !name.endsWith('.fifo')) return;
  throw new TypeError(
    `option pack: ${name} is a FIFO ${kind}. Its order and deduplication apply to messages, so calls cannot share a message. ` +
      `Use a client without pack for this ${kind}.`,
  );
}

function listed(names: ReadonlySet<string | undefined>): string {
  return [...names].filter((name) => name !== undefined).join(', ') || 'none';
}
