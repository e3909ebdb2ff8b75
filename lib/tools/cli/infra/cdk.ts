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
import { camelCase } from './logical-ids.js';

/** Renders a stack of the AWS CDK, in TypeScript. */
export function renderCdk(infrastructure: Infrastructure): string {
  const { queues, allowances, alarms, policies, subscriptions } = infrastructure;
  const key = queues.find(({ kmsKey }) => kmsKey !== undefined)?.kmsKey;
  const lines = [
    ...(key === undefined ? [] : [`const key = Key.fromKeyArn(this, 'Key', ${text(key)});`]),
    ...queues.flatMap((queue) => queueLines(queue, allowances)),
    ...alarms.flatMap(alarmLines),
    ...subscriptions.flatMap(subscriptionLines),
    ...policies.flatMap(policyLines),
  ];
  return [
    '// Written by nestjs-sqs-thrift. Extend the class in a file of your own.',
    ...importLines(infrastructure, key !== undefined),
    '',
    'export class QueuesStack extends Stack {',
    ...sourceQueues(infrastructure).map(({ id }) => `  readonly ${camelCase(id)}: Queue;`),
    ...policies.map(({ id }) => `  readonly ${camelCase(id)}: ManagedPolicy;`),
    '',
    '  constructor(scope: Construct, id: string, props?: StackProps) {',
    '    super(scope, id, props);',
    ...lines.map((line) => `    ${line}`),
    '  }',
    '}',
  ].join('\n');
}

function importLines({ alarms, subscriptions, policies }: Infrastructure, hasKey: boolean): readonly string[] {
  const hasActions = alarms.some(({ actions }) => actions.length > 0);
  const alarmNames = ['ComparisonOperator', ...(hasActions ? ['type IAlarmAction'] : []), 'TreatMissingData'];
  const line = (names: readonly string[], path = ''): string =>
    `import { ${names.join(', ')} } from ${text(`aws-cdk-lib${path}`)};`;
  return [
    line(['Duration', 'RemovalPolicy', 'Stack', 'type StackProps']),
    ...(alarms.length > 0 ? [line(alarmNames, '/aws-cloudwatch')] : []),
    ...(policies.length > 0 ? [line(['ManagedPolicy', 'PolicyStatement'], '/aws-iam')] : []),
    ...(hasKey ? [line(['Key'], '/aws-kms')] : []),
    ...(subscriptions.length > 0
      ? [line(['Topic'], '/aws-sns'), line(['SqsSubscription'], '/aws-sns-subscriptions')]
      : []),
    line(['Queue', 'QueueEncryption', 'RedrivePermission'], '/aws-sqs'),
    `import type { Construct } from ${text('constructs')};`,
  ];
}

/** Returns text as a literal of TypeScript in single quotes. */
function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function nameOf({ id, redrive }: QueueResource): string {
  return redrive === undefined ? camelCase(id) : `this.${camelCase(id)}`;
}

function queueLines(queue: QueueResource, allowances: readonly RedriveAllowance[]): readonly string[] {
  const { id, redrive, kmsKey } = queue;
  const allowance = allowances.find(({ target }) => target === queue);
  return [
    `${redrive === undefined ? 'const ' : ''}${nameOf(queue)} = new Queue(this, ${text(id)}, {`,
    `  queueName: ${text(queue.name)},`,
    ...(queue.isFifo ? ['  fifo: true,', `  contentBasedDeduplication: ${queue.contentBasedDeduplication},`] : []),
    `  visibilityTimeout: Duration.seconds(${queue.visibilityTimeoutSeconds}),`,
    `  retentionPeriod: Duration.seconds(${queue.retentionSeconds}),`,
    `  receiveMessageWaitTime: Duration.seconds(${queue.waitTimeSeconds}),`,
    `  maxMessageSizeBytes: ${MAX_MESSAGE_BYTES},`,
    '  removalPolicy: RemovalPolicy.RETAIN,',
    ...(kmsKey === undefined
      ? ['  encryption: QueueEncryption.SQS_MANAGED,']
      : [
          '  encryption: QueueEncryption.KMS,',
          '  encryptionMasterKey: key,',
          `  dataKeyReuse: Duration.seconds(${KEY_REUSE_SECONDS}),`,
        ]),
    ...(redrive
      ? [`  deadLetterQueue: { queue: ${nameOf(redrive.target)}, maxReceiveCount: ${redrive.maxReceiveCount} },`]
      : []),
    ...(allowance ? allowanceLines(allowance) : []),
    '});',
  ];
}

/** Names the sources by ARN, because they refer to this queue. */
function allowanceLines({ sources }: RedriveAllowance): readonly string[] {
  const source = ({ id, name }: QueueResource): string =>
    `Queue.fromQueueArn(this, ${text(`${id}Source`)}, this.formatArn({ service: 'sqs', resource: ${text(name)} }))`;
  return [
    '  redriveAllowPolicy: {',
    '    redrivePermission: RedrivePermission.BY_QUEUE,',
    '    sourceQueues: [',
    ...sources.map((queue) => `      ${source(queue)},`),
    '    ],',
    '  },',
  ];
}

const COMPARISONS: Readonly<Record<AlarmResource['comparison'], string>> = {
  GreaterThanThreshold: 'GREATER_THAN_THRESHOLD',
  GreaterThanOrEqualToThreshold: 'GREATER_THAN_OR_EQUAL_TO_THRESHOLD',
};

function alarmLines(alarm: AlarmResource): readonly string[] {
  const { id, queue, metric, description, periodSeconds } = alarm;
  const period = `{ period: Duration.seconds(${periodSeconds}), statistic: 'Maximum' }`;
  const create = [
    `${nameOf(queue)}.metric${metric}(${period}).createAlarm(this, ${text(id)}, {`,
    `  alarmDescription: ${text(description)},`,
    `  threshold: ${alarm.threshold},`,
    '  evaluationPeriods: 1,',
    `  comparisonOperator: ComparisonOperator.${COMPARISONS[alarm.comparison]},`,
    '  treatMissingData: TreatMissingData.NOT_BREACHING,',
  ];
  if (alarm.actions.length === 0) return [...create, '});'];
  const actions = alarm.actions.map((arn) => `{ bind: () => ({ alarmActionArn: ${text(arn)} }) }`);
  const added = actions.map((action) => `${action} satisfies IAlarmAction`).join(', ');
  return [...create, `}).addAlarmAction(${added});`];
}

function subscriptionLines({ id, queue, topic, raw }: SubscriptionResource): readonly string[] {
  return [
    `Topic.fromTopicArn(this, ${text(`${id}Topic`)}, ${text(topic)}).addSubscription(`,
    `  new SqsSubscription(${nameOf(queue)}, { rawMessageDelivery: ${raw} }),`,
    ');',
  ];
}

function policyLines({ id, description, statements }: RolePolicy): readonly string[] {
  const list = (values: readonly string[]): string => `[${values.join(', ')}]`;
  return [
    `this.${camelCase(id)} = new ManagedPolicy(this, ${text(id)}, {`,
    `  description: ${text(description)},`,
    '  statements: [',
    ...statements.flatMap(({ actions, resources }) => [
      '    new PolicyStatement({',
      `      actions: ${list(actions.map(text))},`,
      `      resources: ${list(resources.map(arnOf))},`,
      '    }),',
    ]),
    '  ],',
    '});',
  ];
}

function arnOf(reference: ArnReference): string {
  if ('arn' in reference) return text(reference.arn);
  if ('s3' in reference) return `\`arn:\${this.partition}:s3:::${reference.s3}\``;
  return `${nameOf(reference.queue)}.queueArn`;
}
