import { parseTopicArn } from '../../../carriers/sqs/sns/topic-arn.js';
import { checkOptionNames } from '../../../common/option-names.js';
import { retryPolicy } from '../../../consume/retry-policy.js';
import { resolvePublishOptions } from '../../../publish/publish-options.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { booleanOption, choiceOption, numberOption, typeOption } from '../../../queue/options.js';
import { INFRA_OPTION_NAMES, type InfraOptions } from './infra-options.js';
import { matchingOption } from './option-values.js';
import { checkPlaces } from './partitions.js';
import { MAX_RETENTION, resolveAlarms, resolvePayloads, resolveScaling } from './resolve-sections.js';

const DEFAULT_RETENTION = 345_600;
/** Largest `maxReceiveCount` of SQS. */
const MOST_RECEIVES = 1000;
/** Receives that a crash or a deployment may cost before SQS moves a message that the worker counts. */
const SPARE_RECEIVES = 3;

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** {@link InfraOptions} with all defaults that do not depend on a queue. */
export type ResolvedInfraOptions = ReturnType<typeof resolveInfraOptions>;

/** @throws TypeError, RangeError an option is unknown, not acceptable, or contradicts another */
export function resolveInfraOptions(options: InfraOptions) {
  checkOptionNames('', options, INFRA_OPTION_NAMES);
  withPrefix('', options.queuePrefix);
  const retentionSeconds = numberOption(
    'retentionSeconds',
    options.retentionSeconds,
    DEFAULT_RETENTION,
    60,
    MAX_RETENTION,
  );
  const resolved = {
    queue: typeOption('queue', options.queue, 'string'),
    queuePrefix: options.queuePrefix ?? '',
    region: typeOption('region', options.region, 'string'),
    account: matchingOption('account', options.account, /^\d{12}$/, 'an account: 12 digits, as text'),
    deadLetterQueue: typeOption('deadLetterQueue', options.deadLetterQueue, 'string'),
    topic: options.topic === undefined ? undefined : (parseTopicArn(options.topic, 'topic'), options.topic),
    rawMessageDelivery: booleanOption('rawMessageDelivery', options.rawMessageDelivery, true),
    kmsKey: matchingOption(
      'kmsKey',
      options.kmsKey,
      KEY_ARN,
      'the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>',
    ),
    isPacked: packs(options),
    poisonPolicy: choiceOption('poisonPolicy', options.poisonPolicy, ['redrive', 'dead-letter', 'drop']),
    concurrency: numberOption('concurrency', options.concurrency, 10, 1, 10_000),
    waitTimeSeconds: numberOption('waitTimeSeconds', options.waitTimeSeconds, 20, 0, 20),
    visibilityTimeoutSeconds: visibility(options),
    retentionSeconds,
    deadLetterRetentionSeconds: numberOption(
      'deadLetterRetentionSeconds',
      options.deadLetterRetentionSeconds,
      MAX_RETENTION,
      60,
      MAX_RETENTION,
    ),
    leastReceives: leastReceives(options),
    maxReceiveCount:
      options.maxReceiveCount === undefined
        ? undefined
        : numberOption('maxReceiveCount', options.maxReceiveCount, 5, 1, MOST_RECEIVES),
    payloads: resolvePayloads(options),
    alarms: resolveAlarms(options, retentionSeconds),
    scaling: resolveScaling(options),
  };
  checkContradictions(options);
  checkPlaces(resolved);
  checkReceives(resolved.maxReceiveCount, options.retry?.maxReceives);
  checkRetention(resolved);
  return Object.freeze(resolved);
}

type Retention = Record<'retentionSeconds' | 'deadLetterRetentionSeconds' | 'visibilityTimeoutSeconds', number>;

function checkRetention({
  retentionSeconds,
  deadLetterRetentionSeconds,
  visibilityTimeoutSeconds,
}: Readonly<Retention>): void {
  if (retentionSeconds > deadLetterRetentionSeconds) {
    throw new RangeError(
      `deadLetterRetentionSeconds is ${deadLetterRetentionSeconds} and retentionSeconds is ${retentionSeconds}: a moved message ` +
        'keeps its age and may expire at once. Set deadLetterRetentionSeconds to the same or more.',
    );
  }
  if (visibilityTimeoutSeconds > retentionSeconds) {
    throw new RangeError(
      `the visibility timeout is ${visibilityTimeoutSeconds} s and retentionSeconds is ${retentionSeconds}: SQS deletes a message while a ` +
        'worker handles it, and no retry follows. Raise retentionSeconds, or lower visibilityTimeoutSeconds or handlerTimeoutMs.',
    );
  }
}

/** True if a client with these options packs calls. Checks the options as a client does. */
function packs({ pack }: InfraOptions): boolean {
  return resolvePublishOptions({ pack }).pack !== undefined;
}

/** @throws TypeError a program with these options would not start, or an option would have no effect */
function checkContradictions({ deadLetterQueue, poisonPolicy, rawMessageDelivery, topic }: InfraOptions): void {
  if (deadLetterQueue !== undefined && poisonPolicy === 'drop') {
    throw new TypeError(
      "option deadLetterQueue contradicts poisonPolicy: 'drop', and no worker starts with both. Leave deadLetterQueue out.",
    );
  }
  if (rawMessageDelivery !== undefined && topic === undefined) {
    throw new TypeError('rawMessageDelivery would have no effect without topic. Leave it out, or name the topic.');
  }
}

/** Returns the visibility timeout of the queue: that of the workers, and above the run time of handlers. */
function visibility({ visibilityTimeoutSeconds, handlerTimeoutMs }: InfraOptions): number {
  const seconds = numberOption('visibilityTimeoutSeconds', visibilityTimeoutSeconds, 30, 2, 43_200);
  if (handlerTimeoutMs === undefined) return seconds;
  const ms = numberOption('handlerTimeoutMs', handlerTimeoutMs, 0, 1, 43_200_000);
  return Math.min(43_200, Math.max(seconds, Math.floor(ms / 1000) + 1));
}

function leastReceives({ retry, poisonPolicy = 'redrive' }: InfraOptions): number {
  retryPolicy(retry);
  const maxReceives = retry?.maxReceives;
  if (maxReceives === undefined) return 0;
  if (poisonPolicy === 'redrive') {
    throw new TypeError(
      "option retry.maxReceives needs poisonPolicy: 'dead-letter' or 'drop'; with 'redrive' set maxReceiveCount",
    );
  }
  return numberOption('retry.maxReceives', maxReceives, 0, 1, MOST_RECEIVES - SPARE_RECEIVES) + SPARE_RECEIVES;
}

function checkReceives(maxReceiveCount: number | undefined, maxReceives: number | undefined): void {
  if (maxReceiveCount === undefined || maxReceives === undefined || maxReceiveCount > maxReceives) return;
  throw new RangeError(
    `maxReceiveCount is ${maxReceiveCount} and retry.maxReceives is ${maxReceives}: SQS would move a message before the worker ` +
      `rejects it. Set maxReceiveCount to ${maxReceives + SPARE_RECEIVES} or more, or leave it out.`,
  );
}
