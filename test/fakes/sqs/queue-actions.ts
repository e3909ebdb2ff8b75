import { optionalNumber, optionalText, requiredText, textMap, textsOf, type Input } from './input.js';
import { attributesByName } from './queue-attributes.js';
import { readAttributes } from './queue-settings.js';
import { ACCOUNT, MINUTE_MS, type Queues } from './queues.js';
import { Refusal } from './refusal.js';

export interface QueueContext {
  readonly queues: Queues;
  readonly now: () => number;
  /** Where the server is, for the URLs of its queues. */
  readonly endpoint: () => string;
}

type QueueAction = (input: Input, context: QueueContext) => object;

/** The actions on queues themselves, by name. */
export const QUEUE_ACTIONS: Readonly<Record<string, QueueAction>> = {
  CreateQueue(input, context) {
    const name = requiredText(input, 'QueueName');
    const attributes = textMap(input, 'Attributes');
    const fifo = name.endsWith('.fifo');
    if (fifo && attributes.FifoQueue !== 'true') {
      throw new Refusal('InvalidParameterValue', 'The name of a FIFO queue needs the attribute FifoQueue.');
    }
    const settings = readAttributes(attributes, fifo);
    const existing = context.queues.find(name);
    if (existing === undefined) context.queues.create(name, settings);
    else checkSame(attributes, attributesByName(existing, ['All'], deadLetterArn(name, context)));
    return { QueueUrl: urlOf(name, context) };
  },

  DeleteQueue(input, { queues }) {
    queues.delete(queues.of(input));
    return {};
  },

  GetQueueUrl(input, context) {
    const { name } = context.queues.get(requiredText(input, 'QueueName'));
    return { QueueUrl: urlOf(name, context) };
  },

  GetQueueAttributes(input, context) {
    const queue = context.queues.of(input);
    const names = textsOf(input, 'AttributeNames');
    if (names.length === 0) return {};
    return { Attributes: attributesByName(queue, names, deadLetterArn(queue.name, context)) };
  },

  SetQueueAttributes(input, { queues }) {
    const queue = queues.of(input);
    const { others, ...settings } = readAttributes(textMap(input, 'Attributes'), queue.fifo);
    queues.checkRedrive(queue.name, settings);
    queue.settings = { ...queue.settings, ...settings, others: { ...queue.settings.others, ...others } };
    return {};
  },

  ListDeadLetterSourceQueues(input, context) {
    const names = context.queues.givingTo(context.queues.of(input).name).map(({ name }) => name);
    const start = Number(optionalText(input, 'NextToken') ?? 0);
    const most = optionalNumber(input, 'MaxResults', 1, 1000) ?? names.length;
    const more = start + most < names.length;
    return {
      queueUrls: names.slice(start, start + most).map((name) => urlOf(name, context)),
      ...(more && { NextToken: String(start + most) }),
    };
  },

  PurgeQueue(input, { queues, now }) {
    const queue = queues.of(input);
    if (now() - queue.purgedAt < MINUTE_MS) {
      const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
      throw new Refusal('PurgeQueueInProgress', message);
    }
    queue.purgedAt = now();
    for (const message of queue.all()) queue.drop(message);
    return {};
  },
};

/** The URL of a queue as the server gives it. */
export function urlOf(name: string, { endpoint }: Pick<QueueContext, 'endpoint'>): string {
  return `${endpoint()}/${ACCOUNT}/${name}`;
}

function deadLetterArn(name: string, { queues }: QueueContext): string | undefined {
  const target = queues.find(name)?.settings.redrive?.target;
  return target && queues.arnOf(target);
}

function checkSame(wanted: Readonly<Record<string, string>>, present: Readonly<Record<string, string>>): void {
  const different = Object.entries(wanted).find(([name, value]) => present[name] !== value)?.[0];
  if (different === undefined) return;
  const message = `A queue already exists with the same name and a different value for attribute ${different}`;
  throw new Refusal('QueueNameExists', message);
}
