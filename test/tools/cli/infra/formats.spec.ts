import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { renderCdk } from '../../../../lib/tools/cli/infra/cdk.js';
import { cloudFormationTemplate } from '../../../../lib/tools/cli/infra/cloudformation.js';
import { Call, Expression, writeHcl } from '../../../../lib/tools/cli/infra/hcl.js';
import { placeOf, renderIam } from '../../../../lib/tools/cli/infra/iam.js';
import type { InfraOptions } from '../../../../lib/tools/cli/infra/infra-options.js';
import { renderKeda } from '../../../../lib/tools/cli/infra/keda.js';
import { renderTerraform } from '../../../../lib/tools/cli/infra/terraform.js';
import { plan } from './planning.js';

const PLACE = { region: 'eu-west-1', account: '111122223333' };
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234';

function infrastructureOf(services: readonly string[], options: InfraOptions = {}) {
  return plan(services, options).infrastructure;
}

describe('CloudFormation', () => {
  it('has a queue with the attributes of the plan', () => {
    const { Resources } = cloudFormationTemplate(infrastructureOf(['Orders'], { queuePrefix: 'a-' }));
    expect(Resources['OrdersFifoQueue']!.Properties).toEqual({
      QueueName: 'a-orders.fifo',
      FifoQueue: true,
      ContentBasedDeduplication: false,
      VisibilityTimeout: 30,
      MessageRetentionPeriod: 345_600,
      ReceiveMessageWaitTimeSeconds: 20,
      MaximumMessageSize: 1_048_576,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['OrdersDlqFifoQueue', 'Arn'] }, maxReceiveCount: 10 },
    });
    expect(Resources['OrdersDlqFifoQueue']!.Properties['RedriveAllowPolicy']).toEqual({
      redrivePermission: 'byQueue',
      sourceQueueArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:a-orders.fifo' }],
    });
  });

  it('lets the topic alone send to the queue, and encrypts by the key', () => {
    const options = { queue: 'open', topic: TOPIC, kmsKey: KEY, rawMessageDelivery: false };
    const { Resources } = cloudFormationTemplate(infrastructureOf(['Open'], options));
    expect(Resources['OpenQueue']!.Properties).toMatchObject({
      KmsMasterKeyId: KEY,
      KmsDataKeyReusePeriodSeconds: 300,
    });
    expect(Resources['OpenQueue']!.Properties).not.toHaveProperty('SqsManagedSseEnabled');
    expect(JSON.stringify(Resources['OpenQueuePolicy'])).toContain(`{"ArnEquals":{"aws:SourceArn":"${TOPIC}"}}`);
    expect(Resources['OpenSubscription']!.Properties).toMatchObject({ TopicArn: TOPIC, RawMessageDelivery: false });
  });

  it('treats missing data as not breaching in every alarm', () => {
    const actions = [TOPIC];
    const { Resources } = cloudFormationTemplate(infrastructureOf(['Jobs'], { alarms: { actions } }));
    const alarms = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(3);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', AlarmActions: actions });
    }
  });
});

/** Arguments of the provider hashicorp/aws 6, of the resources that the module has. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  aws_sqs_queue:
    'name fifo_queue content_based_deduplication visibility_timeout_seconds message_retention_seconds receive_wait_time_seconds ' +
    'max_message_size sqs_managed_sse_enabled kms_master_key_id kms_data_key_reuse_period_seconds redrive_policy',
  aws_sqs_queue_redrive_allow_policy: 'queue_url redrive_allow_policy',
  aws_sqs_queue_policy: 'queue_url policy',
  aws_cloudwatch_metric_alarm:
    'alarm_name alarm_description namespace metric_name dimensions statistic period evaluation_periods threshold ' +
    'comparison_operator treat_missing_data alarm_actions',
  aws_sns_topic_subscription: 'region topic_arn protocol endpoint raw_message_delivery',
  aws_iam_policy: 'name description policy',
};

describe('Terraform', () => {
  it('uses each argument of this list, and no other', () => {
    const used = new Map<string, Set<string>>();
    const alarms = { actions: [TOPIC] };
    for (const options of [{}, { kmsKey: KEY, topic: TOPIC, alarms }]) {
      const text = renderTerraform(infrastructureOf(['Open', 'Orders'], { queue: 'open', ...options }));
      for (const [, type, body] of text.matchAll(/^resource "(\w+)" "\w+" \{\n([\s\S]*?)^\}/gm)) {
        const names = [...body!.matchAll(/^ {2}(\w+) +=/gm)].map(([, name]) => name!);
        used.set(type!, new Set([...(used.get(type!) ?? []), ...names]));
      }
    }
    const listed = Object.entries(ARGUMENTS).map(([type, names]) => [type, names.split(' ').sort()]);
    expect(Object.fromEntries([...used].map(([type, names]) => [type, [...names].sort()]))).toEqual(
      Object.fromEntries(listed),
    );
  });

  it('refers to queues, and aligns as terraform fmt does', () => {
    expect(renderTerraform(infrastructureOf(['Jobs'])).split('\n\n')).toContain(
      [
        'resource "aws_sqs_queue" "jobs_queue" {',
        '  name                       = "jobs"',
        '  visibility_timeout_seconds = 30',
        '  message_retention_seconds  = 345600',
        '  receive_wait_time_seconds  = 20',
        '  max_message_size           = 1048576',
        '  sqs_managed_sse_enabled    = true',
        '  redrive_policy = jsonencode({',
        '    deadLetterTargetArn = aws_sqs_queue.jobs_dlq_queue.arn',
        '    maxReceiveCount     = 5',
        '  })',
        '}',
      ].join('\n'),
    );
  });

  it('quotes the names of queues in outputs, because a bare name may be a keyword', () => {
    const idl = 'service For { oneway void run() } (sqs.queue = "for")';
    const blocks = renderTerraform(plan(['For'], {}, idl).infrastructure).split('\n\n');
    expect(blocks.slice(-2).map((block) => block.split('\n').slice(3, -2))).toEqual([
      ['    "for" = aws_sqs_queue.for_queue.id'],
      [
        '    "for-client" = aws_iam_policy.for_client_policy.arn',
        '    "for-worker" = aws_iam_policy.for_worker_policy.arn',
      ],
    ]);
  });

  it('subscribes a queue in the region of the topic', () => {
    const text = renderTerraform(infrastructureOf(['Open'], { queue: 'open', topic: TOPIC, region: 'us-east-1' }));
    expect(text).toMatch(/"aws_sns_topic_subscription" "\w+" \{\n  region +=  *"eu-west-1"\n/);
  });

  it('keeps templates in text as text, and quotes names that are none of HCL', () => {
    const body = { a: '${b} %{c} "d"\n', 'e.f': new Expression('g.h'), i: [], j: [1, true], k: undefined };
    expect(writeHcl([{ type: 'x', labels: ['y'], body: { ...body, l: new Call('m', { n: 1 }) } }])).toBe(
      [
        'x "y" {',
        '  a     = "$${b} %%{c} \\"d\\"\\n"',
        '  "e.f" = g.h',
        '  i     = []',
        '  j = [',
        '    1,',
        '    true,',
        '  ]',
        '  l = m({',
        '    n = 1',
        '  })',
        '}',
      ].join('\n'),
    );
  });
});

describe('IAM', () => {
  it('prints the policies of the roles, of the queue and of the key by name', () => {
    const options = { queue: 'open', topic: TOPIC, kmsKey: KEY };
    const documents = JSON.parse(renderIam(infrastructureOf(['Open'], options), PLACE)) as Record<string, object>;
    expect(Object.keys(documents)).toEqual(['policies', 'queuePolicies', 'keyPolicyStatement']);
    expect(documents['policies']).toMatchObject({
      'news-publisher': { Statement: [{ Action: ['sns:GetTopicAttributes', 'sns:Publish'], Resource: TOPIC }] },
      'open-worker': { Statement: [{ Resource: 'arn:aws:sqs:eu-west-1:111122223333:open' }, { Resource: KEY }] },
    });
  });

  it('needs region and account, because a policy names a queue by its ARN', () => {
    const { options } = plan(['Jobs'], { region: 'eu-west-1' });
    expect(() => placeOf(options, 'iam')).toThrow('the format iam names queues by region and account; give --account');
  });
});

describe('KEDA', () => {
  it('has a ScaledObject for each queue, with one pod for the messages that a worker handles at once', () => {
    const options = { concurrency: 25, queuePrefix: 'a-', scaling: { namespace: 'jobs', minReplicas: 0 } };
    const documents = parseAllDocuments(renderKeda(infrastructureOf(['Jobs', 'Orders'], options), PLACE));
    const objects = documents.map((document) => document.toJS() as Record<string, unknown>);
    expect(objects.map(({ metadata }) => metadata)).toEqual([
      { name: 'a-jobs-worker', namespace: 'jobs' },
      { name: 'a-orders-fifo-worker', namespace: 'jobs' },
    ]);
    expect(objects[0]!['spec']).toEqual({
      scaleTargetRef: { name: 'a-jobs-worker' },
      minReplicaCount: 0,
      maxReplicaCount: 20,
      cooldownPeriod: 120,
      triggers: [
        {
          type: 'aws-sqs-queue',
          authenticationRef: { name: 'keda-aws' },
          metadata: {
            queueURL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/a-jobs',
            awsRegion: 'eu-west-1',
            queueLength: '25',
            activationQueueLength: '0',
            scaleOnInFlight: 'true',
          },
        },
      ],
    });
  });
});

describe('CDK', () => {
  it('imports only what the stack uses', () => {
    const imports = (options: InfraOptions) =>
      [...renderCdk(infrastructureOf(['Open'], { queue: 'open', ...options })).matchAll(/from '(.+)'/g)].map(
        ([, name]) => name!.replace('aws-cdk-lib/', ''),
      );
    expect(imports({ alarms: false })).toEqual(['aws-cdk-lib', 'aws-iam', 'aws-sqs', 'constructs']);
    expect(imports({ kmsKey: KEY, topic: TOPIC })).toEqual([
      'aws-cdk-lib',
      'aws-cloudwatch',
      'aws-iam',
      'aws-kms',
      'aws-sns',
      'aws-sns-subscriptions',
      'aws-sqs',
      'constructs',
    ]);
  });
});
