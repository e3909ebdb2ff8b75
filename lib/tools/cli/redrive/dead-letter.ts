import { SEPARATOR } from '../../../event/contract.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { readDeadLetterNote } from '../../../queue/dead-letter-note.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { readNames, type CallName } from '../message/read-names.js';
import { callName } from '../message/seen-message.js';
import { cut, lineText } from '../text.js';

/** A message of a dead-letter queue, as far as it can be read. */
export interface DeadLetter {
  /** Its methods, for people. */
  readonly method: string;
  /** All names by which a filter may mean one of its methods. */
  readonly names: ReadonlySet<string>;
  /** The reason in the note of a worker. SQS leaves none where it moves a message itself. */
  readonly reason?: string;
  /** The queue it came from: an ARN given by SQS, or the name in the note. */
  readonly source?: string;
}

/** Selects dead letters: all of them without a method and a reason. */
export interface DeadLetterFilter {
  readonly method?: string;
  readonly reason?: string;
}

/** Texts are cut to this: anybody may have written them. */
const MAX_LENGTH = 128;
/** Only so many calls of one body are named. */
const MAX_CALLS = MAX_LENGTH;

/**
 * Matches a name and nothing else. Whoever may send can write a note, and a URL in it would send
 * messages to any host.
 */
const QUEUE_NAME = /^[\w-]{1,80}(\.fifo)?$/;

/** The part of a message that only the SDK of SQS has. */
interface RawMessage {
  readonly Attributes?: { readonly DeadLetterQueueSourceArn?: string };
}

/**
 * Reads the methods, reason and source of a message. With an IDL its methods are those that decode
 * by it, else those that it names.
 */
export function readDeadLetter(message: ReceivedMessage, codec: EventCodec | undefined): DeadLetter {
  const { calls, problem } = readNames(message.body, codec, message.defect);
  const { reason, queue } = readDeadLetterNote(message);
  const source = sourceArn(message) ?? queueName(queue);
  const methods = [...new Set(calls.slice(0, MAX_CALLS).map(callName))].join(', ');
  const known = problem === undefined ? methods : `${methods || 'unreadable'} (${problem.reason})`;
  return {
    method: cut(known, MAX_LENGTH),
    names: new Set(codec !== undefined && problem !== undefined ? [] : calls.flatMap(namesOf)),
    ...(typeof reason === 'string' && { reason: lineText(cut(reason, MAX_LENGTH)) }),
    ...(source !== undefined && { source }),
  };
}

function sourceArn({ raw }: ReceivedMessage): string | undefined {
  return (raw as RawMessage | undefined)?.Attributes?.DeadLetterQueueSourceArn;
}

function queueName(noted: unknown): string | undefined {
  return typeof noted === 'string' && QUEUE_NAME.test(noted) ? noted : undefined;
}

/** Tests a dead letter against a filter. */
export function matches({ names, reason }: DeadLetter, filter: DeadLetterFilter): boolean {
  if (filter.method !== undefined && !names.has(filter.method)) return false;
  return filter.reason === undefined || reason === filter.reason;
}

/** Names a call with and without its service, in every spelling. */
function namesOf({ service, method }: CallName): readonly string[] {
  if (service !== undefined) return [method, `${service}.${method}`, `${service}${SEPARATOR}${method}`];
  return [method, method.slice(method.indexOf(SEPARATOR) + 1)];
}
