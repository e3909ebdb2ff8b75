import { SEPARATOR } from '../../../event/contract.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { readDeadLetterNote } from '../../../queue/dead-letter-note.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { readNames, type CallName } from '../message/read-names.js';
import { callName } from '../message/seen-message.js';
import { cut, lineText } from '../text.js';

/** Describes a message of a dead-letter queue, as far as it can be read. */
export interface DeadLetterFacts {
  /** The methods of the calls, for people. */
  readonly method: string;
  /** All names by which a filter may select the methods. */
  readonly names: ReadonlySet<string>;
  /** The reason in the note of a worker. Messages that SQS moved have no note. */
  readonly reason?: string;
  readonly source?: DeadLetterSource;
}

/** Names the queue that a dead letter comes from. */
export type DeadLetterSource =
  /** The ARN that SQS sets when it moves a message. No sender can set it. */
  | { readonly arn: string }
  /** The name in the note. Any sender can write it. */
  | { readonly noted: string };

/** Selects dead letters by method and reason. Without both, selects all of them. */
export interface DeadLetterFilter {
  readonly method?: string;
  readonly reason?: string;
}

/** Limits the length of texts, because any sender can write them. */
const MAX_LENGTH = 128;
/** Limits the named calls of one body. */
const MAX_CALLS = MAX_LENGTH;

/** Matches the name of a queue only, because a name is all that a worker writes. */
const QUEUE_NAME = /^[\w-]{1,80}(\.fifo)?$/;

interface RawMessage {
  readonly Attributes?: { readonly DeadLetterQueueSourceArn?: string };
}

/**
 * Reads the methods, reason and source of a message. With an IDL, lists the methods that decode by
 * the IDL. Otherwise lists the names in the message.
 */
export function readDeadLetterFacts(message: ReceivedMessage, codec: EventCodec | undefined): DeadLetterFacts {
  const { calls, problem } = readNames(message.body, codec, message.defect);
  const { reason, queue } = readDeadLetterNote(message);
  const source = setBySqs(message) ?? named(queue);
  const methods = [...new Set(calls.slice(0, MAX_CALLS).map(callName))].join(', ');
  const known = problem === undefined ? methods : `${methods || 'unreadable'} (${problem.reason})`;
  return {
    method: cut(known, MAX_LENGTH),
    names: new Set(codec !== undefined && problem !== undefined ? [] : calls.flatMap(namesOf)),
    ...(typeof reason === 'string' && { reason: lineText(cut(reason, MAX_LENGTH)) }),
    ...(source !== undefined && { source }),
  };
}

function setBySqs({ raw }: ReceivedMessage): DeadLetterSource | undefined {
  const arn = (raw as RawMessage | undefined)?.Attributes?.DeadLetterQueueSourceArn;
  return typeof arn === 'string' && arn.startsWith('arn:') ? { arn } : undefined;
}

function named(noted: unknown): DeadLetterSource | undefined {
  return typeof noted === 'string' && QUEUE_NAME.test(noted) ? { noted } : undefined;
}

/** True if a dead letter passes a filter. */
export function matches({ names, reason }: DeadLetterFacts, filter: DeadLetterFilter): boolean {
  if (filter.method !== undefined && !names.has(filter.method)) return false;
  return filter.reason === undefined || reason === filter.reason;
}

/** Returns the names of a call with and without its service, in every spelling. */
function namesOf({ service, method }: CallName): readonly string[] {
  if (service !== undefined) return [method, `${service}.${method}`, `${service}${SEPARATOR}${method}`];
  return [method, method.slice(method.indexOf(SEPARATOR) + 1)];
}
