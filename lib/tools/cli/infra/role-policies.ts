import type { QueueResource, RolePolicy, Statement } from './infrastructure.js';
import type { ResolvedInfraOptions } from './resolve-options.js';

const OPEN = ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'];
/** Actions of a program that sends to a queue. */
const SEND = [...OPEN, 'sqs:SendMessage'];
/** Actions of a worker whose bodies hold one call each. */
const WORK = [...OPEN, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** Names a queue whose policies are built. */
interface Queues {
  readonly queue: QueueResource;
  /** Logical id of the queue, without the kind of the resource. */
  readonly base: string;
}

/** Grants a client of a queue what it asks for. */
export function clientPolicy({ queue, base }: Queues, options: ResolvedInfraOptions): RolePolicy {
  return {
    id: `${base}ClientPolicy`,
    name: policyName(queue.name, 'client'),
    role: 'client',
    description: `Lets a program emit calls to ${queue.name}`,
    statements: [{ actions: SEND, resources: [{ queue }] }, ...storing(options), ...keyStatements(options, true)],
  };
}

/** Grants a worker of a queue what it asks for. Includes the queue's dead-letter queue if the worker copies messages there. */
export function workerPolicy({ queue, base }: Queues, options: ResolvedInfraOptions): RolePolicy {
  const { isPacked, poisonPolicy } = options;
  // A body of a FIFO queue holds one call, and its failure is no split.
  const resends = isPacked && !queue.isFifo;
  const copies = poisonPolicy === 'dead-letter';
  return {
    id: `${base}WorkerPolicy`,
    name: policyName(queue.name, 'worker'),
    role: 'worker',
    description: `Lets a program handle the calls of ${queue.name}`,
    statements: [
      { actions: resends ? [...WORK, 'sqs:SendMessage'] : WORK, resources: [{ queue }] },
      ...(copies ? [{ actions: SEND, resources: [{ queue: queue.redrive!.target }] }] : []),
      ...fetching(options),
      ...keyStatements(options, resends || copies),
    ],
  };
}

/** Grants a client with the option `topic` what it asks for. */
export function publisherPolicy(topic: string, base: string): RolePolicy {
  const name = topic.split(':').at(-1)!;
  return {
    id: `${base}PublisherPolicy`,
    name: policyName(name, 'publisher'),
    role: 'publisher',
    description: `Lets a program emit calls to the topic ${name}`,
    statements: [{ actions: ['sns:GetTopicAttributes', 'sns:Publish'], resources: [{ arn: topic }] }],
  };
}

/** Longest name of a policy in IAM. */
const MAX_NAME = 128;

function policyName(resource: string, role: string): string {
  return `${resource.slice(0, MAX_NAME - role.length - 1)}-${role}`;
}

/** Lets a client store large bodies, and remove those whose message SQS refuses. */
function storing({ payloads }: ResolvedInfraOptions): readonly Statement[] {
  if (payloads === undefined) return [];
  const { bucket, prefix } = payloads;
  return [{ actions: ['s3:PutObject', 's3:DeleteObject'], resources: [{ s3: `${bucket}/${prefix}*` }] }];
}

/** Lets a worker read and remove large bodies. Copies and resent calls keep the body that is stored, or fit into the queue. */
function fetching({ payloads }: ResolvedInfraOptions): readonly Statement[] {
  if (payloads === undefined) return [];
  const { bucket, buckets, prefix, deletes } = payloads;
  const objects = [`${bucket}/${prefix}*`, ...buckets.map((name) => `${name}/*`)];
  return [
    {
      actions: ['s3:GetObject', ...(deletes ? ['s3:DeleteObject'] : [])],
      resources: objects.map((s3) => ({ s3 })),
    },
    // Without it S3 answers 403 for a missing body, which the worker would retry.
    { actions: ['s3:ListBucket'], resources: [bucket, ...buckets].map((s3) => ({ s3 })) },
  ];
}

/** Lets a program use the key of the queues, as SQS does in its name. */
function keyStatements({ kmsKey }: ResolvedInfraOptions, sends: boolean): readonly Statement[] {
  if (kmsKey === undefined) return [];
  return [{ actions: sends ? ['kms:GenerateDataKey', 'kms:Decrypt'] : ['kms:Decrypt'], resources: [{ arn: kmsKey }] }];
}
