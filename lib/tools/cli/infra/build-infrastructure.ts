import { parseTopicArn } from '../../../carriers/sqs/sns/topic-arn.js';
import { withPrefix } from '../../../queue/derived-names.js';
import type { PlannedQueue } from '../queue/planned-queues.js';
import { alarmsOf } from './alarm-resources.js';
import { checkPlans, isBehindTopic } from './check-plans.js';
import type { Infrastructure, QueueResource, ScalerResource, SubscriptionResource } from './infrastructure.js';
import { checkUnique } from './check-unique.js';
import { deploymentName, logicalId } from './logical-ids.js';
import type { ResolvedInfraOptions } from './resolve-options.js';
import { clientPolicy, publisherPolicy, workerPolicy } from './role-policies.js';

/**
 * Builds the resources of planned queues. Equal plans and options give equal resources, in the order
 * of the plans.
 *
 * @param annotated names of the queues that the IDL names, with the prefix; clients send there without
 * the topic
 * @throws TypeError two options, or an option and the contract, contradict each other
 */
export function buildInfrastructure(
  plans: readonly PlannedQueue[],
  annotated: ReadonlySet<string>,
  options: ResolvedInfraOptions,
): Infrastructure {
  checkPlans(plans, options);
  const targets = deadLetterQueues(plans, options);
  const sources = plans.map((plan) => sourceQueue(plan, targets, options));
  const queues = [...targets.values(), ...sources];
  const { topic, kmsKey } = options;
  const bases = sources.map((queue) => ({ queue, base: baseOf(queue.name, options) }));
  const subscribed = bases.filter(({ queue }) => isBehindTopic(queue.name, options));
  const isSentTo = (name: string): boolean => annotated.has(name) || !isBehindTopic(name, options);
  const infrastructure: Infrastructure = {
    queues,
    allowances: [...targets.values()].map((target) => ({
      target,
      sources: sources.filter((queue) => queue.redrive!.target === target),
    })),
    alarms: queues.flatMap((queue) => alarmsOf(queue, baseOf(queue.name, options), options)),
    policies: [
      ...(topic === undefined ? [] : [publisherPolicy(topic, topicBase(topic))]),
      ...bases.flatMap((each) => [
        ...(isSentTo(each.queue.name) ? [clientPolicy(each, options)] : []),
        workerPolicy(each, options),
      ]),
    ],
    subscriptions: subscribed.map((each) => subscription(each, topic!, options)),
    scalers: sources.map((queue) => scaler(queue, options)),
    ...(topic !== undefined && kmsKey !== undefined && { keyStatement: keyStatement(topic) }),
  };
  checkUnique(infrastructure);
  return infrastructure;
}

/** Returns the dead-letter queues by the names of the plans that they serve. */
function deadLetterQueues(
  plans: readonly PlannedQueue[],
  options: ResolvedInfraOptions,
): ReadonlyMap<string, QueueResource> {
  const targets = new Map<string, QueueResource>();
  for (const plan of plans) {
    const name =
      options.deadLetterQueue === undefined
        ? plan.deadLetterQueue
        : withPrefix(options.deadLetterQueue, options.queuePrefix);
    const retentionSeconds = options.deadLetterRetentionSeconds;
    targets.set(name, { ...attributes(name, options), contentBasedDeduplication: false, retentionSeconds });
  }
  return targets;
}

function sourceQueue(
  plan: PlannedQueue,
  targets: ReadonlyMap<string, QueueResource>,
  options: ResolvedInfraOptions,
): QueueResource {
  const target = options.deadLetterQueue === undefined ? targets.get(plan.deadLetterQueue)! : [...targets.values()][0]!;
  return {
    ...attributes(plan.name, options),
    contentBasedDeduplication: plan.contentBasedDeduplication,
    redrive: {
      target,
      maxReceiveCount: options.maxReceiveCount ?? Math.max(plan.maxReceiveCount, options.leastReceives),
    },
  };
}

function attributes(name: string, options: ResolvedInfraOptions): Omit<QueueResource, 'contentBasedDeduplication'> {
  const { visibilityTimeoutSeconds, waitTimeSeconds, retentionSeconds, kmsKey } = options;
  return {
    id: `${baseOf(name, options)}Queue`,
    name,
    isFifo: name.endsWith('.fifo'),
    visibilityTimeoutSeconds,
    retentionSeconds,
    waitTimeSeconds,
    ...(kmsKey !== undefined && { kmsKey }),
  };
}

function baseOf(name: string, { queuePrefix }: ResolvedInfraOptions): string {
  return logicalId(name.slice(queuePrefix.length));
}

function topicBase(topic: string): string {
  return `${logicalId(parseTopicArn(topic, 'topic').name)}Topic`;
}

function subscription(
  { queue, base }: { readonly queue: QueueResource; readonly base: string },
  topic: string,
  { rawMessageDelivery: raw }: ResolvedInfraOptions,
): SubscriptionResource {
  return { id: `${base}Subscription`, policyId: `${base}QueuePolicy`, topic, queue, raw };
}

function scaler(queue: QueueResource, { scaling }: ResolvedInfraOptions): ScalerResource {
  const { deployment, namespace, ...numbers } = scaling;
  return {
    queue,
    deployment: deployment ?? deploymentName(queue.name),
    ...(namespace !== undefined && { namespace }),
    ...numbers,
  };
}

/** Lets SNS encrypt what it puts into the queues. The account of the condition is that of the topic. */
function keyStatement(topic: string): object {
  return {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  };
}
