import type { Contract } from '../../../event/contract.js';
import type { QueueError } from '../../../queue/queue-error.js';

/** On which side of the queue a program stands. */
export type Side = 'worker' | 'client';

/** Actions of both sides, as AWS grants them. */
export const ACTIONS = [
  'sqs:GetQueueAttributes',
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
] as const;

export type Action = (typeof ACTIONS)[number];

/** The attributes of a queue by the names of GetQueueAttributes. */
export type Attributes = Readonly<Record<string, string>>;

/** The result of looking at messages. */
export interface Sample {
  readonly messages: number;
  /** Messages that do not decode, by reason. */
  readonly problems: Readonly<Record<string, number>>;
  /** Those that another look would leave no receive for a worker. */
  readonly last?: number;
  /** The only receive that the redrive policy allows would have been this one. */
  readonly spared?: true;
  readonly error?: QueueError;
}

/** The facts about a queue that was found. */
export interface QueueFacts {
  readonly name: string;
  readonly region: string | undefined;
  /** `queue "backup" (region eu-west-1, endpoint of AWS)`. */
  readonly location: string;
  /** Undefined where they may not be read. */
  readonly attributes: Attributes | undefined;
  /** Actions that the caller may or may not do. Those without an answer are absent. */
  readonly allowed: Readonly<Partial<Record<Action, boolean>>>;
  readonly inFlight?: number;
  /** Attributes of its dead-letter queue, or the error of asking for them. */
  readonly deadLetters?: Attributes | QueueError;
  /** Absent when nobody wanted to look. */
  readonly sample?: Sample;
}

/** All that was gathered. The checks ask nobody else. */
export interface Facts {
  /** The queue, or the error that the search ended with. */
  readonly queue: QueueFacts | QueueError;
  /** The lead of the clock of SQS, in ms. */
  readonly clockSkewMs?: number;
  /** Those that the command was asked to check for. */
  readonly sides: readonly Side[];
  readonly handlerTimeoutMs?: number;
  /** The contract of the IDL; absent without one. */
  readonly contract?: Contract;
}
