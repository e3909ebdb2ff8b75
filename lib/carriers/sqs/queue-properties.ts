import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { QueueFeatures, QueueLimits, RedrivePolicy } from '../../queue/queue.js';

/** What a queue can do and accept, as its own attributes say. */
export interface QueueProperties {
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy | 'unknown';
}

/** The attributes that {@link toQueueProperties} reads. */
export const PROPERTY_NAMES: QueueAttributeName[] = ['QueueArn', 'MaximumMessageSize', 'RedrivePolicy'];

/** 1 MiB: the most that one message and all messages of one send may have (SQS quotas, August 2025). */
const MAX_BYTES = 1_048_576;

/**
 * Reads the attributes of a queue. Each may be missing, because a producer that may only send is not allowed to read them: then the
 * defaults of SQS hold. Only FIFO queues have names that end in `.fifo`, so that much is always known.
 */
export function toQueueProperties(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): QueueProperties {
  const fifo = name.endsWith('.fifo');
  // Every queue has an ARN: without it, what else is missing may be there.
  const redrive = attributes.QueueArn === undefined ? 'unknown' : readRedrivePolicy(attributes.RedrivePolicy);
  return {
    features: {
      persistent: true,
      leases: true,
      ordered: fifo,
      attributes: true,
      // FIFO queues take a delay for the whole queue only (SendMessageBatchRequestEntry, DelaySeconds).
      delay: !fifo,
      longPolling: true,
      body: 'text',
    },
    limits: {
      messageBytes: Number(attributes.MaximumMessageSize) || MAX_BYTES,
      batchBytes: MAX_BYTES,
      batchEntries: 10,
      attributes: 10,
      leaseSeconds: 43_200,
    },
    ...(redrive !== undefined && { redrive }),
  };
}

/** The policy is JSON in an attribute; its count has been seen as a number and as text. */
function readRedrivePolicy(json: string | undefined): RedrivePolicy | undefined {
  try {
    const policy = JSON.parse(json ?? '{}') as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
    const maxReceiveCount = Number(policy.maxReceiveCount);
    if (typeof policy.deadLetterTargetArn !== 'string' || !(maxReceiveCount >= 1)) return undefined;
    return { maxReceiveCount, target: policy.deadLetterTargetArn };
  } catch {
    return undefined;
  }
}
