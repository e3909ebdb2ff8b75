import { parseTopicArn } from '../../../carriers/sqs/sns/topic-arn.js';
import { checkOptionNames, describeOption, optionFault } from '../../../common/option-names.js';
import { withPrefix } from '../../../queue/derived-names.js';
import { booleanOption, choiceOption, numberOption, objectOption, typeOption } from '../../../queue/options.js';
import {
  ALARM_NAMES,
  INFRA_OPTION_NAMES,
  type InfraOptions,
  PAYLOAD_NAMES,
  RETRY_NAMES,
  SCALING_NAMES,
} from './infra-options.js';

/** Longest retention of SQS: 14 days. */
const MAX_RETENTION = 1_209_600;
const DEFAULT_RETENTION = 345_600;
const DEFAULT_AGE_SECONDS = 900;
/** Quota of SQS, and the share of it that an alarm leaves. */
const MAX_IN_FLIGHT = 120_000;
const MANY_IN_FLIGHT = 96_000;
/** Pods that one queue may get, if the options name no number. */
const MAX_REPLICAS = 20;
/** Largest `maxReceiveCount` of SQS. */
const MOST_RECEIVES = 1000;
/** Receives that a crash or a deployment may cost before SQS moves a message that the worker counts. */
const SPARE_RECEIVES = 3;

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s"'$`\\]+$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const OBJECT_PREFIX = /^(?![./])(?!.*\.\.)[A-Za-z0-9./_-]{0,988}$/;
/** Names of Kubernetes: labels of DNS, joined by points. */
const KUBERNETES = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

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
    region: matching('region', options.region, /^[a-z]{2}(?:-[a-z]+)+-\d$/, 'a region, such as eu-west-1'),
    account: matching('account', options.account, /^\d{12}$/, 'an account: 12 digits, as text'),
    deadLetterQueue: typeOption('deadLetterQueue', options.deadLetterQueue, 'string'),
    topic: options.topic === undefined ? undefined : (parseTopicArn(options.topic, 'topic'), options.topic),
    rawMessageDelivery: booleanOption('rawMessageDelivery', options.rawMessageDelivery, true),
    kmsKey: matching('kmsKey', options.kmsKey, KEY_ARN, 'the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>'),
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
    payloads: payloads(options),
    alarms: alarms(options),
    scaling: scaling(options),
  };
  checkReceives(resolved.maxReceiveCount, options.retry?.maxReceives);
  if (retentionSeconds > resolved.deadLetterRetentionSeconds) {
    throw new RangeError(
      `deadLetterRetentionSeconds is ${resolved.deadLetterRetentionSeconds} and retentionSeconds is ${retentionSeconds}: a moved message ` +
        'keeps its age and may expire at once. Set deadLetterRetentionSeconds to the same or more.',
    );
  }
  return Object.freeze(resolved);
}

function packs({ pack }: InfraOptions): boolean {
  return typeof pack === 'object' ? objectOption('pack', pack) !== undefined : booleanOption('pack', pack, false);
}

/** Returns the visibility timeout of the queue: that of the workers, and above the run time of handlers. */
function visibility({ visibilityTimeoutSeconds, handlerTimeoutMs }: InfraOptions): number {
  const seconds = numberOption('visibilityTimeoutSeconds', visibilityTimeoutSeconds, 30, 2, 43_200);
  if (handlerTimeoutMs === undefined) return seconds;
  const ms = numberOption('handlerTimeoutMs', handlerTimeoutMs, 0, 1, 43_200_000);
  return Math.min(43_200, Math.max(seconds, Math.floor(ms / 1000) + 1));
}

function leastReceives({ retry, poisonPolicy = 'redrive' }: InfraOptions): number {
  const { maxReceives } = section('retry', retry, RETRY_NAMES);
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

interface Payloads {
  readonly bucket: string;
  readonly buckets: readonly string[];
  readonly prefix: string;
  readonly deletes: boolean;
}

function payloads({ largePayloads }: InfraOptions): Payloads | undefined {
  if (largePayloads === undefined) return undefined;
  const { bucket, buckets = [], prefix = '', deletePayloads } = section('largePayloads', largePayloads, PAYLOAD_NAMES);
  const names = [bucket, ...list('largePayloads.buckets', buckets)];
  for (const name of names) matching('largePayloads.bucket', name, BUCKET, 'the name of a bucket', true);
  matching('largePayloads.prefix', prefix, OBJECT_PREFIX, 'up to 988 letters, digits and ./_-');
  return {
    bucket: bucket!,
    buckets: [...new Set(buckets)].filter((name) => name !== bucket),
    prefix,
    deletes: booleanOption('largePayloads.deletePayloads', deletePayloads, true),
  };
}

interface Alarms {
  readonly oldestMessageSeconds: number;
  readonly inFlight: number;
  readonly actions: readonly string[];
}

function alarms({ alarms: given }: InfraOptions): Alarms | undefined {
  if (given === false) return undefined;
  const settings = section('alarms', given, ALARM_NAMES);
  const actions = list('alarms.actions', settings.actions ?? []);
  for (const arn of actions) matching('alarms.actions', arn, ARN, 'ARNs');
  return {
    oldestMessageSeconds: numberOption(
      'alarms.oldestMessageSeconds',
      settings.oldestMessageSeconds,
      DEFAULT_AGE_SECONDS,
      1,
      MAX_RETENTION,
    ),
    inFlight: numberOption('alarms.inFlight', settings.inFlight, MANY_IN_FLIGHT, 1, MAX_IN_FLIGHT),
    actions,
  };
}

interface Scaling {
  readonly deployment: string | undefined;
  readonly namespace: string | undefined;
  readonly authentication: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly queueLength: number;
  readonly activationQueueLength: number;
}

function scaling({ scaling: given, concurrency = 10 }: InfraOptions): Scaling {
  const settings = section('scaling', given, SCALING_NAMES);
  const name = (option: string, value: string | undefined): string | undefined =>
    matching(`scaling.${option}`, value, KUBERNETES, 'a name of Kubernetes: lower-case letters, digits, - and .');
  const number = (
    option: 'minReplicas' | 'maxReplicas' | 'queueLength' | 'activationQueueLength',
    fallback: number,
    [min, max]: readonly [number, number],
  ): number => numberOption(`scaling.${option}`, settings[option], fallback, min, max);
  const minReplicas = number('minReplicas', 1, [0, 10_000]);
  return {
    deployment: name('deployment', settings.deployment),
    namespace: name('namespace', settings.namespace),
    authentication: name('authentication', settings.authentication) ?? 'keda-aws',
    minReplicas,
    maxReplicas: number('maxReplicas', Math.max(MAX_REPLICAS, minReplicas), [Math.max(1, minReplicas), 10_000]),
    queueLength: number('queueLength', concurrency, [1, 1_000_000]),
    activationQueueLength: number('activationQueueLength', 0, [0, 1_000_000]),
  };
}

/** Checks the names of an object of options. Returns an empty object if it is absent. */
function section<Options extends object>(
  name: string,
  given: Options | undefined,
  names: Readonly<Record<string, true>>,
): Partial<Options> {
  const options: Options | undefined = objectOption(name, given);
  const fault = options === undefined ? undefined : optionFault(options, names, name);
  if (fault !== undefined) throw new TypeError(fault);
  return options ?? {};
}

function list(option: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value as readonly string[];
  throw new TypeError(`${option} must be an array, got ${describeOption(value)}`);
}

/** @throws TypeError the value is no text of the pattern */
function matching(
  option: string,
  value: string | undefined,
  pattern: RegExp,
  wanted: string,
  isRequired = false,
): string | undefined {
  if (value === undefined && !isRequired) return undefined;
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new TypeError(`${option} must be ${wanted}, got ${describeOption(value)}`);
}
