import { resolveLargePayloads } from '../../../carriers/sqs/extended/large-payload-options.js';
import { numberOption, objectOption } from '../../../queue/options.js';
import { ALARM_NAMES, type InfraOptions, SCALING_NAMES } from './infra-options.js';
import { listOption, matchingOption, sectionOption } from './option-values.js';

/** Longest retention of SQS: 14 days. */
export const MAX_RETENTION = 1_209_600;
const DEFAULT_AGE_SECONDS = 900;
/** An alarm goes off above its threshold, and the quota of SQS is 120 000. */
const MAX_IN_FLIGHT = 119_999;
const MANY_IN_FLIGHT = 96_000;
/** Pods that one queue may get, if the options name no number. */
const MAX_REPLICAS = 20;

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s"'$`\\]+$/;
/** Names of Kubernetes: labels of DNS, joined by points. */
const KUBERNETES = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

export interface ResolvedPayloads {
  readonly bucket: string;
  readonly buckets: readonly string[];
  readonly prefix: string;
  readonly deletes: boolean;
}

export function resolvePayloads({ largePayloads }: InfraOptions): ResolvedPayloads | undefined {
  if (largePayloads === undefined) return undefined;
  if (objectOption('largePayloads', largePayloads)?.buckets !== undefined) {
    listOption('largePayloads.buckets', largePayloads.buckets!);
  }
  const { bucket, buckets, prefix, deletePayloads: deletes } = resolveLargePayloads('', largePayloads);
  return { bucket, buckets: [...buckets].filter((name) => name !== bucket), prefix, deletes };
}

export interface ResolvedAlarms {
  readonly oldestMessageSeconds: number;
  readonly inFlight: number;
  readonly actions: readonly string[];
}

/** @param retentionSeconds age at which SQS deletes a message, so that no message is older */
export function resolveAlarms({ alarms: given }: InfraOptions, retentionSeconds: number): ResolvedAlarms | undefined {
  if (given === false) return undefined;
  const settings = sectionOption('alarms', given, ALARM_NAMES);
  const actions = listOption('alarms.actions', settings.actions ?? []);
  for (const arn of actions) matchingOption('alarms.actions', arn, ARN, 'ARNs');
  const oldestMessageSeconds = numberOption(
    'alarms.oldestMessageSeconds',
    settings.oldestMessageSeconds,
    Math.min(DEFAULT_AGE_SECONDS, Math.floor(retentionSeconds / 2)),
    1,
    MAX_RETENTION,
  );
  if (oldestMessageSeconds >= retentionSeconds) {
    throw new RangeError(
      `alarms.oldestMessageSeconds is ${oldestMessageSeconds} and retentionSeconds is ${retentionSeconds}: SQS deletes a message before ` +
        'the alarm goes off. Set alarms.oldestMessageSeconds to less.',
    );
  }
  return {
    oldestMessageSeconds,
    inFlight: numberOption('alarms.inFlight', settings.inFlight, MANY_IN_FLIGHT, 1, MAX_IN_FLIGHT),
    actions,
  };
}

export interface ResolvedScaling {
  readonly deployment: string | undefined;
  readonly namespace: string | undefined;
  readonly authentication: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly queueLength: number;
  readonly activationQueueLength: number;
}

export function resolveScaling({ scaling: given, concurrency = 10 }: InfraOptions): ResolvedScaling {
  const settings = sectionOption('scaling', given, SCALING_NAMES);
  const name = (option: string, value: string | undefined): string | undefined =>
    matchingOption(`scaling.${option}`, value, KUBERNETES, 'a name of Kubernetes: lower-case letters, digits, - and .');
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
