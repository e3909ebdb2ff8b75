/**
 * Names a resource: a queue of the model, a bucket or objects of S3 by their path, or anything else by
 * its ARN. The partition of an ARN of S3 is that of the deployment.
 */
export type ArnReference = { readonly queue: QueueResource } | { readonly s3: string } | { readonly arn: string };

/** Describes a queue to create. All numbers are attributes of SQS. */
export interface QueueResource {
  /** Logical id, the same for each prefix: `AlbumEditsFifoQueue`. */
  readonly id: string;
  /** Name with prefix and `.fifo`. */
  readonly name: string;
  readonly isFifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly waitTimeSeconds: number;
  /** ARN of the key of KMS. Absent: SQS encrypts with a key of its own. */
  readonly kmsKey?: string;
  /** Absent for a dead-letter queue. */
  readonly redrive?: { readonly target: QueueResource; readonly maxReceiveCount: number };
}

/** Describes a dead-letter queue with the queues whose redrive policies may name it. */
export interface RedriveAllowance {
  readonly target: QueueResource;
  readonly sources: readonly QueueResource[];
}

/** Describes an alarm of CloudWatch on one queue. Missing data never breach. */
export interface AlarmResource {
  readonly id: string;
  readonly description: string;
  readonly queue: QueueResource;
  /** Metric of the namespace `AWS/SQS`, of which the maximum counts. */
  readonly metric: string;
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  /** ARNs that hear of the alarm. */
  readonly actions: readonly string[];
}

/** Lists actions that a role may take on resources. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly ArnReference[];
}

type RoleName = 'client' | 'worker' | 'publisher';

/** Holds the rights of one role, and no others. */
export interface RolePolicy {
  readonly id: string;
  /** Name for IAM and for people: `staging-backup-worker`. */
  readonly name: string;
  readonly role: RoleName;
  readonly description: string;
  readonly statements: readonly Statement[];
}

/** Connects a topic of SNS with a queue, whose policy then lets the topic send. */
export interface SubscriptionResource {
  readonly id: string;
  readonly policyId: string;
  readonly topic: string;
  readonly queue: QueueResource;
  readonly raw: boolean;
}

/** Scales the workers of a queue in Kubernetes. */
export interface ScalerResource {
  readonly queue: QueueResource;
  /** Name of the Deployment and of the ScaledObject. */
  readonly deployment: string;
  readonly namespace?: string;
  readonly authentication: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly queueLength: number;
  readonly activationQueueLength: number;
}

/** Holds everything that a contract and its options need on AWS, as data. Each format renders this. */
export interface Infrastructure {
  /** Dead-letter queues first, because redrive policies name them. */
  readonly queues: readonly QueueResource[];
  readonly allowances: readonly RedriveAllowance[];
  readonly alarms: readonly AlarmResource[];
  readonly policies: readonly RolePolicy[];
  readonly subscriptions: readonly SubscriptionResource[];
  readonly scalers: readonly ScalerResource[];
  /** Statement that the policy of the key needs for the topic. Absent without a key or a topic. */
  readonly keyStatement?: object;
}

/** Size in bytes that each queue accepts, the largest of SQS. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** Seconds for which SQS reuses a data key of KMS, its default. */
export const KEY_REUSE_SECONDS = 300;

/** Returns the queues that are no dead-letter queues. */
export function sourceQueues({ queues }: Pick<Infrastructure, 'queues'>): readonly QueueResource[] {
  return queues.filter(({ redrive }) => redrive !== undefined);
}
