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
import { policyDocument, topicStatement } from './policy-document.js';

/** Holds a template of CloudFormation. */
export interface Template {
  readonly AWSTemplateFormatVersion: string;
  readonly Description: string;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, object>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Renders a template of CloudFormation, as text in JSON. */
export function renderCloudFormation(infrastructure: Infrastructure): string {
  return JSON.stringify(cloudFormationTemplate(infrastructure), undefined, 2);
}

export function cloudFormationTemplate(infrastructure: Infrastructure): Template {
  const { queues, allowances, alarms, policies, subscriptions } = infrastructure;
  const resources = [
    ...queues.map((queue) => [queue.id, queueResource(queue, allowances)] as const),
    ...alarms.map((alarm) => [alarm.id, alarmResource(alarm)] as const),
    ...subscriptions.flatMap((each) => [
      [each.policyId, queuePolicyResource(each)] as const,
      [each.id, subscriptionResource(each)] as const,
    ]),
    ...policies.map((policy) => [policy.id, policyResource(policy)] as const),
  ];
  const outputs = [
    ...sourceQueues(infrastructure).map(({ id, name }) => [`${id}Url`, output(`URL of ${name}`, id)] as const),
    ...policies.map(({ id, description }) => [`${id}Arn`, output(description, id)] as const),
  ];
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Queues of Apache Thrift oneway calls',
    Resources: Object.fromEntries(resources),
    Outputs: Object.fromEntries(outputs),
  };
}

/** `Ref` of a queue is its URL, and `Ref` of a policy is its ARN. */
function output(description: string, id: string): object {
  return { Description: description, Value: { Ref: id } };
}

function queueResource(queue: QueueResource, allowances: readonly RedriveAllowance[]): TemplateResource {
  const { kmsKey, redrive } = queue;
  const allowance = allowances.find(({ target }) => target === queue);
  const properties = {
    QueueName: queue.name,
    ...(queue.isFifo && { FifoQueue: true, ContentBasedDeduplication: queue.contentBasedDeduplication }),
    VisibilityTimeout: queue.visibilityTimeoutSeconds,
    MessageRetentionPeriod: queue.retentionSeconds,
    ReceiveMessageWaitTimeSeconds: queue.waitTimeSeconds,
    MaximumMessageSize: MAX_MESSAGE_BYTES,
    ...(kmsKey === undefined
      ? { SqsManagedSseEnabled: true }
      : { KmsMasterKeyId: kmsKey, KmsDataKeyReusePeriodSeconds: KEY_REUSE_SECONDS }),
    ...(redrive && {
      RedrivePolicy: {
        deadLetterTargetArn: arnOf({ queue: redrive.target }),
        maxReceiveCount: redrive.maxReceiveCount,
      },
    }),
    ...(allowance && {
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        // By name: the sources refer to this queue, and references in both directions would be a circle.
        sourceQueueArns: allowance.sources.map(({ name }) => namedArn(name)),
      },
    }),
  };
  // A queue may hold calls. Whoever removes a stack, or changes a name, decides about them.
  return { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: properties };
}

function namedArn(name: string): object {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${name}` };
}

function arnOf(reference: ArnReference): unknown {
  if ('arn' in reference) return reference.arn;
  if ('s3' in reference) return { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${reference.s3}` };
  return { 'Fn::GetAtt': [reference.queue.id, 'Arn'] };
}

function alarmResource(alarm: AlarmResource): TemplateResource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: alarm.description,
      Namespace: 'AWS/SQS',
      MetricName: alarm.metric,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [alarm.queue.id, 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: alarm.periodSeconds,
      EvaluationPeriods: 1,
      Threshold: alarm.threshold,
      ComparisonOperator: alarm.comparison,
      TreatMissingData: 'notBreaching',
      ...(alarm.actions.length > 0 && { AlarmActions: alarm.actions }),
    },
  };
}

function policyResource(policy: RolePolicy): TemplateResource {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      // No name: CloudFormation makes one that is unique, and needs no right to choose names.
      Description: policy.description,
      PolicyDocument: policyDocument(policy.statements, arnOf),
    },
  };
}

function queuePolicyResource({ queue, topic }: SubscriptionResource): TemplateResource {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue.id }],
      PolicyDocument: { Version: '2012-10-17', Statement: [topicStatement(arnOf({ queue }), topic)] },
    },
  };
}

function subscriptionResource({ queue, topic, raw }: SubscriptionResource): TemplateResource {
  return {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: arnOf({ queue }),
      RawMessageDelivery: raw,
      // The topic may be in another region than the queues.
      Region: topic.split(':')[3]!,
    },
  };
}
