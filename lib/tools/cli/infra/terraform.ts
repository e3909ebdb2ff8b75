import { type Block, Call, Expression, type HclObject, type HclValue, NamedValues, writeHcl } from './hcl.js';
import {
  type AlarmResource,
  type ArnReference,
  type Infrastructure,
  KEY_REUSE_SECONDS,
  MAX_MESSAGE_BYTES,
  type QueueResource,
  type RedriveAllowance,
  type RolePolicy,
  sourceQueues,
  type SubscriptionResource,
} from './infrastructure.js';
import { snakeCase } from './logical-ids.js';
import { policyDocument, topicStatement } from './policy-document.js';

/** The first provider whose queues accept messages of 1 MiB, with a margin. */
const PROVIDER = '>= 6.10';

/** Renders a module of Terraform or OpenTofu. The module takes its provider from the configuration around it. */
export function renderTerraform(infrastructure: Infrastructure): string {
  const { queues, allowances, alarms, policies, subscriptions } = infrastructure;
  return writeHcl([
    terraformBlock(),
    ...(namesBuckets(policies) ? [{ type: 'data', labels: ['aws_partition', 'current'], body: {} }] : []),
    ...queues.map(queueBlock),
    ...allowances.map(allowanceBlock),
    ...alarms.map(alarmBlock),
    ...subscriptions.flatMap((each) => [queuePolicyBlock(each), subscriptionBlock(each)]),
    ...policies.map(policyBlock),
    ...outputBlocks(infrastructure),
  ]);
}

function terraformBlock(): Block {
  return {
    type: 'terraform',
    labels: [],
    body: {},
    blocks: [{ type: 'required_providers', labels: [], body: { aws: { source: 'hashicorp/aws', version: PROVIDER } } }],
  };
}

function namesBuckets(policies: readonly RolePolicy[]): boolean {
  return policies.some(({ statements }) => statements.some(({ resources }) => resources.some((each) => 's3' in each)));
}

function resource(type: string, id: string, body: HclObject): Block {
  return { type: 'resource', labels: [type, snakeCase(id)], body };
}

function attribute({ id }: QueueResource, name: string): Expression {
  return new Expression(`aws_sqs_queue.${snakeCase(id)}.${name}`);
}

function arnOf(reference: ArnReference): HclValue {
  if ('arn' in reference) return reference.arn;
  if ('s3' in reference) return new Expression(`"arn:\${data.aws_partition.current.partition}:s3:::${reference.s3}"`);
  return attribute(reference.queue, 'arn');
}

function queueBlock(queue: QueueResource): Block {
  const { kmsKey, redrive } = queue;
  return resource('aws_sqs_queue', queue.id, {
    name: queue.name,
    ...(queue.isFifo && { fifo_queue: true, content_based_deduplication: queue.contentBasedDeduplication }),
    visibility_timeout_seconds: queue.visibilityTimeoutSeconds,
    message_retention_seconds: queue.retentionSeconds,
    receive_wait_time_seconds: queue.waitTimeSeconds,
    max_message_size: MAX_MESSAGE_BYTES,
    ...(kmsKey === undefined
      ? { sqs_managed_sse_enabled: true }
      : { kms_master_key_id: kmsKey, kms_data_key_reuse_period_seconds: KEY_REUSE_SECONDS }),
    ...(redrive && {
      redrive_policy: new Call('jsonencode', {
        deadLetterTargetArn: attribute(redrive.target, 'arn'),
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  });
}

function allowanceBlock({ target, sources }: RedriveAllowance): Block {
  return resource('aws_sqs_queue_redrive_allow_policy', target.id, {
    queue_url: attribute(target, 'id'),
    redrive_allow_policy: new Call('jsonencode', {
      redrivePermission: 'byQueue',
      sourceQueueArns: sources.map((queue) => attribute(queue, 'arn')),
    }),
  });
}

function alarmBlock(alarm: AlarmResource): Block {
  return resource('aws_cloudwatch_metric_alarm', alarm.id, {
    alarm_name: `${alarm.queue.name}-${ALARM_NAMES.get(alarm.metric)!}`,
    alarm_description: alarm.description,
    namespace: 'AWS/SQS',
    metric_name: alarm.metric,
    dimensions: { QueueName: attribute(alarm.queue, 'name') },
    statistic: 'Maximum',
    period: alarm.periodSeconds,
    evaluation_periods: 1,
    threshold: alarm.threshold,
    comparison_operator: alarm.comparison,
    treat_missing_data: 'notBreaching',
    ...(alarm.actions.length > 0 && { alarm_actions: alarm.actions }),
  });
}

/** Ends the names of alarms, which Terraform does not make itself. */
const ALARM_NAMES: ReadonlyMap<string, string> = new Map([
  ['ApproximateNumberOfMessagesVisible', 'dead-letters'],
  ['ApproximateAgeOfOldestMessage', 'oldest-message'],
  ['ApproximateNumberOfMessagesNotVisible', 'in-flight'],
]);

function policyBlock(policy: RolePolicy): Block {
  return resource('aws_iam_policy', policy.id, {
    name: policy.name,
    description: policy.description,
    policy: new Call('jsonencode', policyDocument(policy.statements, arnOf) as unknown as HclObject),
  });
}

function queuePolicyBlock({ policyId, queue, topic }: SubscriptionResource): Block {
  const Statement = [topicStatement(arnOf({ queue }), topic) as HclObject];
  return resource('aws_sqs_queue_policy', policyId, {
    queue_url: attribute(queue, 'id'),
    policy: new Call('jsonencode', { Version: '2012-10-17', Statement }),
  });
}

function subscriptionBlock({ id, queue, topic, raw }: SubscriptionResource): Block {
  return resource('aws_sns_topic_subscription', id, {
    // The topic may be in another region than the queues.
    region: topic.split(':')[3]!,
    topic_arn: topic,
    protocol: 'sqs',
    endpoint: attribute(queue, 'arn'),
    raw_message_delivery: raw,
  });
}

function outputBlocks(infrastructure: Infrastructure): readonly Block[] {
  const urls = sourceQueues(infrastructure).map((queue) => [queue.name, attribute(queue, 'id')]);
  const arns = infrastructure.policies.map(({ id, name }) => [
    name,
    new Expression(`aws_iam_policy.${snakeCase(id)}.arn`),
  ]);
  return [
    output('queue_urls', 'URLs of the queues, by name', urls),
    output('policy_arns', 'Policies to attach to the roles of programs, by name', arns),
  ];
}

function output(name: string, description: string, values: readonly (readonly unknown[])[]): Block {
  return {
    type: 'output',
    labels: [name],
    body: { description, value: new NamedValues(Object.fromEntries(values) as HclObject) },
  };
}
