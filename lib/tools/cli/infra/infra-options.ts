import type { LargePayloadOptions } from '../../../carriers/sqs/extended/large-payload-options.js';
import type { OptionNames } from '../../../common/option-names.js';
import type { RetryOptions } from '../../../consume/retry-policy.js';
import type { PublishOptions } from '../../../publish/publish-options.js';

/** Options of workers and clients that decide about infrastructure, under their names there. */
interface ProgramOptions {
  /** Queue of methods that name none in the IDL. */
  readonly queue?: string | undefined;
  readonly queuePrefix?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly visibilityTimeoutSeconds?: number | undefined;
  readonly waitTimeSeconds?: number | undefined;
  readonly handlerTimeoutMs?: number | undefined;
  /** True or an object if clients put several calls into a body, so that workers resend calls. */
  readonly pack?: PublishOptions['pack'];
  readonly poisonPolicy?: 'redrive' | 'dead-letter' | 'drop' | undefined;
  /** One dead-letter queue for all queues. Default: one for each, named `<queue>-dlq`. */
  readonly deadLetterQueue?: string | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Names the buckets of large bodies. They exist already. */
  readonly largePayloads?: LargePayloadOptions | undefined;
  /** ARN of the topic that clients publish to. */
  readonly topic?: string | undefined;
}

/** Sets the alarms of each queue. */
export interface AlarmSettings {
  /** Age in seconds of the oldest message above which an alarm goes off. Below `retentionSeconds`. Default 900, or half of the retention. */
  readonly oldestMessageSeconds?: number | undefined;
  /** Number of messages in flight above which an alarm goes off. 1 to 119 999, default 96 000. */
  readonly inFlight?: number | undefined;
  /** ARNs that hear of alarms, such as a topic. Default none. */
  readonly actions?: readonly string[] | undefined;
}

/** Sets the ScaledObject of each queue. */
export interface ScalingSettings {
  /** Name of the Deployment, for one queue. Default: `<queue>-worker`. */
  readonly deployment?: string | undefined;
  readonly namespace?: string | undefined;
  /** Name of the TriggerAuthentication. Default `keda-aws`. */
  readonly authentication?: string | undefined;
  /** 0 to 10 000, default 1. */
  readonly minReplicas?: number | undefined;
  /** 1 to 10 000, default 20. */
  readonly maxReplicas?: number | undefined;
  /** Messages for which KEDA starts one pod. 1 to 1 000 000, default: `concurrency`. */
  readonly queueLength?: number | undefined;
  /** Messages above which KEDA starts the first pod. 0 to 1 000 000, default 0. */
  readonly activationQueueLength?: number | undefined;
}

/** Options of the command `infra`. */
export interface InfraOptions extends ProgramOptions {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  /** Receives after which SQS moves a message. Default: 5, 10 for FIFO queues, more if `retry.maxReceives` needs more. */
  readonly maxReceiveCount?: number | undefined;
  /** Seconds that a queue keeps messages. 60 to 1 209 600, default 345 600. */
  readonly retentionSeconds?: number | undefined;
  /** Seconds that a dead-letter queue keeps messages. 60 to 1 209 600, default 1 209 600. */
  readonly deadLetterRetentionSeconds?: number | undefined;
  /** ARN of the key of KMS that encrypts the queues. Default: SQS encrypts with a key of its own. */
  readonly kmsKey?: string | undefined;
  /** False if the topic sends envelopes in place of bodies. Default true. */
  readonly rawMessageDelivery?: boolean | undefined;
  /** False for no alarms. */
  readonly alarms?: AlarmSettings | false | undefined;
  readonly scaling?: ScalingSettings | undefined;
}

export const INFRA_OPTION_NAMES = {
  queue: true,
  queuePrefix: true,
  concurrency: true,
  visibilityTimeoutSeconds: true,
  waitTimeSeconds: true,
  handlerTimeoutMs: true,
  pack: true,
  poisonPolicy: true,
  deadLetterQueue: true,
  retry: true,
  largePayloads: true,
  topic: true,
  region: true,
  account: true,
  maxReceiveCount: true,
  retentionSeconds: true,
  deadLetterRetentionSeconds: true,
  kmsKey: true,
  rawMessageDelivery: true,
  alarms: true,
  scaling: true,
} satisfies OptionNames<InfraOptions>;

export const ALARM_NAMES = {
  oldestMessageSeconds: true,
  inFlight: true,
  actions: true,
} satisfies OptionNames<AlarmSettings>;

export const SCALING_NAMES = {
  deployment: true,
  namespace: true,
  authentication: true,
  minReplicas: true,
  maxReplicas: true,
  queueLength: true,
  activationQueueLength: true,
} satisfies OptionNames<ScalingSettings>;
