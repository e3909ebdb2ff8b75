import { badValue, Refusal } from './refusal.js';

/** Settings of a queue; those of SQS have its names in {@link readAttributes}, and its defaults. */
export interface QueueSettings {
  /** Default 30. */
  readonly visibilityTimeoutSeconds?: number;
  /** Default 0. */
  readonly delaySeconds?: number;
  /** Bytes of one message, 1024 to 1,048,576 (default). */
  readonly maximumMessageSize?: number;
  /** Bytes of all messages of a batch. No attribute shows them. Default 1,048,576; servers before August 2025 take 262,144. */
  readonly maximumBatchSize?: number;
  /** Default 4 days. */
  readonly retentionSeconds?: number;
  /** Wait time of a receive without WaitTimeSeconds. Default 0. */
  readonly receiveWaitSeconds?: number;
  readonly redrive?: { readonly target: string; readonly maxReceiveCount: number };
  /** FIFO queues: default false. */
  readonly contentBasedDeduplication?: boolean;
  /** FIFO queues: the scope `messageGroup` instead of `queue`. Default false. */
  readonly deduplicationPerGroup?: boolean;
  /** Messages in flight, after which a standard queue answers OverLimit and a FIFO queue nothing. Default 120,000. */
  readonly maxInFlight?: number;
  /** Standard queues: 0 to 1; hands messages out in any order instead of the one they came in. */
  readonly shuffle?: () => number;
  /** Attributes that change nothing here and are only told again. */
  readonly others?: Readonly<Record<string, string>>;
}

const RANGES: readonly (readonly [attribute: string, setting: keyof QueueSettings, from: number, to: number])[] = [
  ['VisibilityTimeout', 'visibilityTimeoutSeconds', 0, 43_200],
  ['DelaySeconds', 'delaySeconds', 0, 900],
  ['MaximumMessageSize', 'maximumMessageSize', 1024, 1_048_576],
  ['MessageRetentionPeriod', 'retentionSeconds', 60, 1_209_600],
  ['ReceiveMessageWaitTimeSeconds', 'receiveWaitSeconds', 0, 20],
];
const FIFO_ONLY = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];
const TOLD_AGAIN = [
  'FifoThroughputLimit',
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

/** Attributes of CreateQueue and SetQueueAttributes as settings. */
export function readAttributes(attributes: Readonly<Record<string, string>>, fifo: boolean): QueueSettings {
  const settings: Record<string, unknown> = {};
  const others: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!fifo && FIFO_ONLY.includes(name)) throw new Refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
    const range = RANGES.find(([attribute]) => attribute === name);
    if (range !== undefined) settings[range[1]] = readNumber(name, value, range[2], range[3]);
    else if (name === 'RedrivePolicy') settings.redrive = readRedrive(value);
    else if (name === 'ContentBasedDeduplication') settings.contentBasedDeduplication = value === 'true';
    else if (name === 'DeduplicationScope') settings.deduplicationPerGroup = value === 'messageGroup';
    else if (TOLD_AGAIN.includes(name)) others[name] = value;
    else if (name !== 'FifoQueue') throw new Refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  return { ...settings, others };
}

function readNumber(name: string, value: string, from: number, to: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= from && number <= to) return number;
  throw new Refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function readRedrive(json: string): QueueSettings['redrive'] {
  if (json === '') return undefined;
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    policy = JSON.parse(json) as typeof policy;
  } catch {
    throw badValue('RedrivePolicy', json, 'Redrive policy is not a valid JSON map');
  }
  const maxReceiveCount = Number(policy.maxReceiveCount ?? 10);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    throw badValue('RedrivePolicy', json, 'Invalid value for maxReceiveCount');
  }
  const target = /^arn:aws:sqs:[\w-]+:\d{12}:([\w.-]+)$/.exec(String(policy.deadLetterTargetArn))?.[1];
  if (target === undefined) throw badValue('RedrivePolicy', json, 'Invalid value for deadLetterTargetArn');
  return { target, maxReceiveCount };
}
