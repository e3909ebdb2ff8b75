import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { QueueFeatures, QueueLimits, RedrivePolicy } from '../../queue/queue.js';

/** Holds the features and limits of a queue, from the queue's own attributes. */
export interface QueueProperties {
  readonly features: QueueFeatures;
  readonly limits: QueueLimits;
  readonly redrive?: RedrivePolicy | 'unknown';
}

/** Attributes that {@link toQueueProperties} reads. */
export const PROPERTY_NAMES: QueueAttributeName[] = ['QueueArn', 'MaximumMessageSize', 'RedrivePolicy'];

/** Longest wait of a receive, in seconds (Amazon SQS API reference, ReceiveMessage). */
const MAX_WAIT_SECONDS = 20;

/** 1 MiB, for one message and for all messages of one send (SQS quotas, August 2025). */
const MAX_BYTES = 1_048_576;

/**
 * Reads the attributes of a queue. Any attribute may be missing, because a send-only producer may
 * not read them. Missing attributes get the defaults of SQS. Only the names of FIFO queues end in
 * `.fifo`, so the queue type is always known.
 *
 * @param receives see {@link QueueLimits.receives}
 */
export function toQueueProperties(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  receives?: number,
): QueueProperties {
  const fifo = name.endsWith('.fifo');
  // Every queue has an ARN. Without the ARN, other missing attributes may be set.
  const redrive = attributes.QueueArn === undefined ? 'unknown' : readRedrivePolicy(attributes.RedrivePolicy);
  return {
    features: {
      persistent: true,
      leases: true,
      ordered: fifo,
      attributes: true,
      // FIFO queues support a delay only for the whole queue (SendMessageBatchRequestEntry,
      // DelaySeconds).
      delay: !fifo,
      longPolling: true,
      abortableReceive: false,
      resend: true,
      body: 'text',
    },
    limits: {
      messageBytes: Number(attributes.MaximumMessageSize) || MAX_BYTES,
      batchBytes: MAX_BYTES,
      batchEntries: 10,
      attributes: 10,
      leaseSeconds: 43_200,
      ...(receives !== undefined && { receives }),
      ...shorterWait(attributes.MaximumReceiveWaitSeconds),
    },
    ...(redrive !== undefined && { redrive }),
  };
}

/**
 * Reads the longest wait of a receive. SQS has no such attribute. The embedded server of this library
 * has it, so that workers on it stop soon.
 */
function shorterWait(attribute: string | undefined): Pick<QueueLimits, 'waitSeconds'> {
  const waitSeconds = Number(attribute);
  return waitSeconds > 0 && waitSeconds < MAX_WAIT_SECONDS ? { waitSeconds } : {};
}

/**
 * Parses the JSON of the policy. Servers write the count as a number or as text. A target that is no ARN
 * may be a URL, and a server must not choose the host of the next request.
 */
function readRedrivePolicy(json: string | undefined): QueueProperties['redrive'] {
  try {
    const policy = JSON.parse(json || '{}') as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
    const { deadLetterTargetArn: target } = policy;
    if (target === undefined) return undefined;
    const maxReceiveCount = Number(policy.maxReceiveCount);
    const isReadable = typeof target === 'string' && target.startsWith('arn:') && maxReceiveCount >= 1;
    return isReadable ? { maxReceiveCount, target } : 'unknown';
  } catch {
    return 'unknown';
  }
}
