import type { ConsumeOptions } from '#lib/consume/consume-options.js';
import type { PublishOptions } from '#lib/publish/publish-options.js';

/** Faults of a single request between a process and the queue. */
export const REQUEST_FAULTS = [
  'lost request',
  'lost answer',
  'late answer',
  'broken connection',
  'throttling',
  'service error',
  'partial failure',
  'repeated request',
] as const;

export type RequestFault = (typeof REQUEST_FAULTS)[number];

/** Attributes of the queue. */
export interface QueuePlan {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly delaySeconds: number;
  /** Receives after which the queue moves a message to its dead-letter queue. Absent: no policy. */
  readonly maxReceiveCount?: number;
  /** Largest number of messages in flight. SQS: 120 000. */
  readonly inFlight: number;
  /** Answer to an acknowledgement under an earlier delivery. SQS may answer either. */
  readonly staleReceipts: 'refused' | 'ignored';
  /** True if a receive returns any visible messages, in any order. Standard queues only. */
  readonly reorder: boolean;
  /** Probability that a standard queue delivers a message twice by itself. */
  readonly duplicates: number;
  /** True if an aborted receive hides no message, as in memory. */
  readonly abortable: boolean;
}

/** One attempt to handle a call. */
export interface Attempt {
  readonly ms: number;
  /** `hang` ends only if its signal aborts, `deaf` not even then. */
  readonly end: 'ok' | 'fail' | 'hang' | 'deaf';
}

/** A call, or a message that no worker can decode. */
export interface CallPlan {
  readonly n: number;
  readonly client: string;
  readonly at: number;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
  /** Attempts in the order of their starts. The last one repeats. */
  readonly attempts: readonly Attempt[];
  /** True for a message of a foreign sender that no worker can decode. */
  readonly undecodable?: boolean;
}

export interface ClientPlan {
  readonly name: string;
  readonly options: PublishOptions;
}

export type WorkerOptions = Omit<ConsumeOptions, 'idempotency'> & {
  readonly poisonPolicy: 'redrive' | 'dead-letter' | 'drop';
};

export interface WorkerPlan {
  readonly name: string;
  readonly options: WorkerOptions;
}

/** Something that happens to a process. A process that starts again is a new process. */
export interface Incident {
  readonly at: number;
  readonly process: string;
  readonly what: 'pause' | 'crash' | 'stop' | 'start';
  /** Length of a pause in ms. */
  readonly ms?: number;
}

/** A time in which a process gets no good answer. */
export interface Outage {
  readonly process: string;
  readonly from: number;
  readonly to: number;
  /** `silent`: no answer at all. */
  readonly mode: 'silent' | 'broken connection' | 'service error';
}

/** Says how often a fault happens, and to which requests. */
export interface Noise {
  readonly probability: number;
  readonly requests: 'all' | 'receiving' | 'sending' | 'settling';
}

/** Everything that a seed decides. A plan is plain data, and the same plan always runs in the same way. */
export interface Plan {
  readonly seed: number;
  readonly queue: QueuePlan;
  readonly clients: readonly ClientPlan[];
  readonly workers: readonly WorkerPlan[];
  readonly calls: readonly CallPlan[];
  readonly incidents: readonly Incident[];
  readonly outages: readonly Outage[];
  readonly noise: Partial<Record<RequestFault, Noise>>;
  /** Names of the only requests that may have a fault. Absent: all. */
  readonly faulty?: readonly string[];
  /** True if the workers share an idempotency store. */
  readonly idempotency: boolean;
  /** Probability that a request to the store fails or is late. */
  readonly storeFaults: number;
  /** Longest time in ms that a request or an answer without a fault travels. */
  readonly latencyMs: number;
  /** Time after which no fault happens. */
  readonly quietAt: number;
}
