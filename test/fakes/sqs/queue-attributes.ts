import { Refusal } from './refusal.js';
import type { QueueSettings } from './queue-settings.js';
import type { QueueState } from './queue-state.js';

/** Every attribute of a queue as GetQueueAttributes tells it. */
function allAttributes(
  { arn, fifo, settings, counts, createdAt }: QueueState,
  deadLetterArn: string | undefined,
): Record<string, string> {
  const seconds = String(Math.floor(createdAt / 1000));
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts['in-flight']),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: seconds,
    LastModifiedTimestamp: seconds,
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds ?? 30),
    MaximumMessageSize: String(settings.maximumMessageSize ?? 1_048_576),
    MessageRetentionPeriod: String(settings.retentionSeconds ?? 345_600),
    DelaySeconds: String(settings.delaySeconds ?? 0),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitSeconds ?? 0),
    SqsManagedSseEnabled: 'true',
    ...(fifo && fifoAttributes(settings)),
    ...redriveAttribute(settings, deadLetterArn),
    ...settings.others,
  };
}

function fifoAttributes(settings: QueueSettings): Record<string, string> {
  return {
    FifoQueue: 'true',
    ContentBasedDeduplication: String(settings.contentBasedDeduplication ?? false),
    DeduplicationScope: settings.deduplicationPerGroup === true ? 'messageGroup' : 'queue',
    FifoThroughputLimit: 'perQueue',
  };
}

function redriveAttribute({ redrive }: QueueSettings, deadLetterTargetArn: string | undefined): Record<string, string> {
  if (redrive === undefined || deadLetterTargetArn === undefined) return {};
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount }) };
}

/** Attributes that a queue has only when they were set. */
const OPTIONAL = ['RedrivePolicy', 'RedriveAllowPolicy', 'Policy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'];
const FIFO_ONLY = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** The attributes asked for by name or as `All`; those the queue does not have are left out. */
export function attributesByName(
  queue: QueueState,
  names: readonly string[],
  deadLetterArn: string | undefined,
): Record<string, string> {
  queue.wake();
  const all = allAttributes(queue, deadLetterArn);
  if (names.includes('All')) return all;
  const unknown = names.find((name) => !(name in all) && !OPTIONAL.includes(name) && !FIFO_ONLY.includes(name));
  if (unknown !== undefined) throw new Refusal('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name] as string]));
}
