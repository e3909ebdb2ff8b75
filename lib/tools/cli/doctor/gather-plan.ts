import { checkBucket } from '../../../carriers/sqs/extended/check-bucket.js';
import { QueueAdmin } from '../../../carriers/sqs/queue-admin.js';
import { openSnsTopic } from '../../../carriers/sqs/sns/open-sns-topic.js';
import { QueueError } from '../../../queue/queue-error.js';
import { isBehindTopic } from '../infra/check-plans.js';
import type { QueueResource } from '../infra/infrastructure.js';
import type { InfrastructurePlan } from '../infra/plan-infrastructure.js';
import type { ResolvedInfraOptions } from '../infra/resolve-options.js';
import type { PlanFacts, Side, TriedRights } from './facts.js';

/** Tries the rights that the options of a plan need. Sends requests without effect only. */
export async function gatherPlanFacts(
  admin: QueueAdmin,
  { infrastructure, options }: InfrastructurePlan,
  sides: readonly Side[],
): Promise<PlanFacts> {
  const planned = infrastructure.queues.find(({ name, redrive }) => name === admin.name && redrive !== undefined);
  if (planned === undefined) return { planned, resends: false, tried: [], untried: [] };
  const isWorker = sides.includes('worker');
  const isClient = sides.includes('client');
  return {
    planned,
    resends: isWorker && options.isPacked && !planned.isFifo,
    tried: await Promise.all([
      ...(isWorker ? triedAsWorker(admin, planned, options) : []),
      ...(isClient ? triedAsClient(planned, options) : []),
    ]),
    untried: untriedActions(options, isClient),
  };
}

function triedAsWorker(
  admin: QueueAdmin,
  planned: QueueResource,
  { poisonPolicy, payloads }: ResolvedInfraOptions,
): readonly Promise<TriedRights>[] {
  const target = `the queue "${planned.redrive!.target.name}"`;
  const buckets = payloads === undefined ? [] : [payloads.bucket, ...payloads.buckets];
  return [
    ...(poisonPolicy === 'dead-letter' ? [tryRights(['sqs:SendMessage'], target, () => mayCopy(admin, planned))] : []),
    ...buckets.map((bucket) => {
      const prefix = bucket === payloads!.bucket ? payloads!.prefix : '';
      const check = (): Promise<void> => checkBucket(admin.name, { bucket, prefix }, admin.region);
      return tryRights(['s3:GetObject', 's3:ListBucket'], `the bucket "${bucket}"`, check);
    }),
  ];
}

function triedAsClient({ name }: QueueResource, options: ResolvedInfraOptions): readonly Promise<TriedRights>[] {
  const { topic } = options;
  if (topic === undefined || !isBehindTopic(name, options)) return [];
  return [tryRights(['sns:Publish'], `the topic "${topic.split(':').at(-1)!}"`, () => mayPublish(topic))];
}

function untriedActions({ payloads, kmsKey }: ResolvedInfraOptions, isClient: boolean): readonly string[] {
  return [
    ...(payloads === undefined ? [] : [...(isClient ? ['s3:PutObject'] : []), 's3:DeleteObject']),
    ...(kmsKey === undefined ? [] : ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

async function tryRights(actions: readonly string[], on: string, check: () => Promise<void>): Promise<TriedRights> {
  try {
    await check();
    return { actions, on };
  } catch (error) {
    return { actions, on, error: QueueError.from(error, on) };
  }
}

/** @throws QueueError the caller may not send to the dead-letter queue */
async function mayCopy(admin: QueueAdmin, { redrive }: QueueResource): Promise<void> {
  const { name } = redrive!.target;
  const target = await QueueAdmin.open(admin.beside(name));
  try {
    if (await target.mayDo('SendMessageBatch')) return;
    throw new QueueError(`SendMessage was refused. Grant sqs:SendMessage on ${name}.`, {
      code: 'AccessDenied',
      kind: 'denied',
      queue: name,
    });
  } finally {
    target.close();
  }
}

async function mayPublish(topic: string): Promise<void> {
  const open = await openSnsTopic({ topic });
  try {
    await open.check?.();
  } finally {
    await open.close();
  }
}
