import type { Contract } from '../../../event/contract.js';
import type { QueueError } from '../../../queue/queue-error.js';
import type { QueueResource } from '../infra/infrastructure.js';

/** Selects the side of the queue on which a program stands. */
export type Side = 'worker' | 'client';

/** Lists the actions of both sides, as AWS grants them. */
export const ACTIONS = [
  'sqs:GetQueueAttributes',
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
] as const;

export type Action = (typeof ACTIONS)[number];

/** Maps the names of GetQueueAttributes to values. */
export type Attributes = Readonly<Record<string, string>>;

/** Holds the result of a look at messages. */
export interface Sample {
  readonly messages: number;
  /** Counts the messages that do not decode, by reason. */
  readonly problems: Readonly<Record<string, number>>;
  /** Counts the messages for which another look would leave no receive for a worker. */
  readonly last?: number;
  /** True if the redrive policy allows one receive only, so no message was received. */
  readonly spared?: true;
  readonly error?: QueueError;
}

/** Holds the result of a request that shows rights and changes nothing. */
export interface TriedRights {
  readonly actions: readonly string[];
  /** Names the resource for people: `the bucket "bodies"`. */
  readonly on: string;
  /** Absent if the caller has the rights. */
  readonly error?: QueueError;
}

/** Holds what `infra` writes for a queue, and the rights that its options need beyond the queue. */
export interface PlanFacts {
  /** Undefined if `infra` writes no queue of this name. */
  readonly planned: QueueResource | undefined;
  /** True if workers need `sqs:SendMessage` on the queue. */
  readonly resends: boolean;
  readonly tried: readonly TriedRights[];
  /** Lists the actions that no request without effect shows. */
  readonly untried: readonly string[];
}

/** Holds the facts about a queue that was found. */
export interface QueueFacts {
  readonly name: string;
  readonly region: string | undefined;
  /** `queue "backup" (region eu-west-1, endpoint of AWS)`. */
  readonly location: string;
  /** Undefined if the caller may not read the attributes. */
  readonly attributes: Attributes | undefined;
  /** Maps actions to the permission of the caller. Actions without an answer are absent. */
  readonly allowed: Readonly<Partial<Record<Action, boolean>>>;
  readonly inFlight?: number;
  /** Attributes of the dead-letter queue, or the error of reading them. */
  readonly deadLetters?: Attributes | QueueError;
  /** Absent if no look was requested. */
  readonly sample?: Sample;
  /** Absent without options of `infra`. */
  readonly plan?: PlanFacts;
}

/** Holds all gathered facts. The checks send no requests. */
export interface Facts {
  /** The queue, or the error of the search for the queue. */
  readonly queue: QueueFacts | QueueError;
  /** Milliseconds by which the clock of SQS is ahead. */
  readonly clockSkewMs?: number;
  /** The sides that the command must check. */
  readonly sides: readonly Side[];
  readonly handlerTimeoutMs?: number;
  /** Begins the names of queues here, before the names in the IDL. */
  readonly prefix?: string;
  /** The contract of the IDL; absent without one. */
  readonly contract?: Contract;
}
