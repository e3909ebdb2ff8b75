import type { Contract } from '../../../event/contract.js';
import type { QueueError } from '../../../queue/queue-error.js';

/** On which side of the queue a program stands. */
export type Side = 'worker' | 'client';

/** What the sides ask of a queue, as AWS grants it. */
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

/** What looking at messages brought. */
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

/** What is known of a queue that was found. */
export interface QueueFacts {
  readonly name: string;
  readonly region: string | undefined;
  /** `queue "backup" (region eu-west-1, endpoint of AWS)`. */
  readonly location: string;
  /** Undefined where they may not be read. */
  readonly attributes: Attributes | undefined;
  /** What the caller may do and what not; an action that was not tried, or gave no answer, is not in it. */
  readonly allowed: Readonly<Partial<Record<Action, boolean>>>;
  readonly inFlight?: number;
  /** The queue of its redrive policy: what it says of itself, or why it cannot be looked at. */
  readonly deadLetters?: Attributes | QueueError;
  /** Absent when nobody wanted to look. */
  readonly sample?: Sample;
}

/** All that was gathered. The checks ask nobody else. */
export interface Facts {
  /** What was found, or what the search ended with. */
  readonly queue: QueueFacts | QueueError;
  /** How far the clock of SQS is ahead, in ms. */
  readonly clockSkewMs?: number;
  /** Those that the command was asked to check for. */
  readonly sides: readonly Side[];
  readonly handlerTimeoutMs?: number;
  /** What the IDL says; absent without one. */
  readonly contract?: Contract;
}
