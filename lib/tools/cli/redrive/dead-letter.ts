import { SEPARATOR } from '../../../event/contract.js';
import type { EventCodec } from '../../../event/event-codec.js';
import { readDeadLetterNote } from '../../../queue/dead-letter-note.js';
import type { ReceivedMessage } from '../../../queue/wire-message.js';
import { readNames, type CallName } from '../message/read-names.js';
import { callName } from '../message/seen-message.js';
import { cut, lineText } from '../text.js';

/** What can be told of a message in a dead-letter queue. */
export interface DeadLetter {
  /** Its methods, for people. */
  readonly method: string;
  /** Every name by which a filter may mean one of its methods. */
  readonly names: ReadonlySet<string>;
  /** Why a worker dead-lettered it; absent where it left no note, as where SQS itself moved the message. */
  readonly reason?: string;
  /** The queue it came from: the ARN that SQS tells, or the name in the note. */
  readonly source?: string;
}

/** Which letters are meant; all of them where nothing is said. */
export interface DeadLetterFilter {
  readonly method?: string;
  readonly reason?: string;
}

/** Anybody may have written them. */
const MAX_LENGTH = 128;
/** Of one body, more are not told. */
const MAX_CALLS = MAX_LENGTH;

/**
 * A name and nothing else: a note is written by whoever may send, and a URL in it would send messages to any host.
 */
const QUEUE_NAME = /^[\w-]{1,80}(\.fifo)?$/;

/** What the SDK tells of a message beside what every carrier does. */
interface RawMessage {
  readonly Attributes?: { readonly DeadLetterQueueSourceArn?: string };
}

/** Reads what a message says of itself. With an IDL its methods are those that decode by it; without, those it names. */
export function readDeadLetter(message: ReceivedMessage, codec: EventCodec | undefined): DeadLetter {
  const { calls, problem } = readNames(message.body, codec, message.defect);
  const { reason, queue } = readDeadLetterNote(message);
  const named = typeof queue === 'string' && QUEUE_NAME.test(queue) ? queue : undefined;
  const source = (message.raw as RawMessage | undefined)?.Attributes?.DeadLetterQueueSourceArn ?? named;
  const methods = [...new Set(calls.slice(0, MAX_CALLS).map(callName))].join(', ');
  const known = problem === undefined ? methods : `${methods || 'unreadable'} (${problem.reason})`;
  return {
    method: cut(known, MAX_LENGTH),
    names: new Set(codec !== undefined && problem !== undefined ? [] : calls.flatMap(namesOf)),
    ...(typeof reason === 'string' && { reason: lineText(cut(reason, MAX_LENGTH)) }),
    ...(source !== undefined && { source }),
  };
}

/** Whether a filter means a letter. */
export function matches({ names, reason }: DeadLetter, filter: DeadLetterFilter): boolean {
  if (filter.method !== undefined && !names.has(filter.method)) return false;
  return filter.reason === undefined || reason === filter.reason;
}

/** With and without its service, however that is put. */
function namesOf({ service, method }: CallName): readonly string[] {
  if (service !== undefined) return [method, `${service}.${method}`, `${service}${SEPARATOR}${method}`];
  return [method, method.slice(method.indexOf(SEPARATOR) + 1)];
}
