import type { EventCodec } from '../../../event/event-codec.js';
import type { ReceivedMessage, WireBody } from '../../../queue/wire-message.js';
import { count, cut, duration, lineText, shownJson } from '../text.js';
import { readBody, type SeenBody, type SeenCall } from './read-body.js';
import type { CallName } from './read-names.js';

/** Describes a message for people, and for `--json`. */
export interface SeenMessage extends SeenBody {
  readonly queue: string;
  readonly messageId: string;
  /** ISO 8601. Absent if the queue does not report the time. */
  readonly sentAt?: string;
  readonly ageMs?: number;
  readonly receiveCount: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Number of further attributes, which are not text. */
  readonly otherAttributes?: number;
  /** The whole body, if the arguments are not shown. */
  readonly body?: string;
}

interface RawMessage {
  readonly Attributes?: { readonly MessageDeduplicationId?: string };
}

/** Gathers all known facts of a message. */
export function seeMessage(queue: string, message: ReceivedMessage, codec: EventCodec | undefined): SeenMessage {
  const { id, sentAt, receiveCount, groupId, attributes, otherAttributes, body } = message;
  const seen = readBody(body, codec, message.defect);
  const deduplicationId = (message.raw as RawMessage | undefined)?.Attributes?.MessageDeduplicationId;
  const hasArguments = seen.problem === undefined;
  return {
    queue,
    messageId: id,
    ...(sentAt !== undefined && { sentAt: new Date(sentAt).toISOString(), ageMs: Math.max(0, Date.now() - sentAt) }),
    receiveCount,
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    attributes,
    ...(otherAttributes !== undefined && { otherAttributes }),
    ...seen,
    ...(!hasArguments && typeof body === 'string' && { body }),
  };
}

/** Limits the length of shown names. */
const NAME_LENGTH = 128;

/** Formats the name of a call: `BackupQueue.startBackup`, or the name on the wire. */
export function callName({ service, method }: CallName): string {
  return lineText(cut(service === undefined ? method : `${service}.${method}`, NAME_LENGTH));
}

/**
 * Formats a message for people, over several lines. Cuts long calls.
 *
 * @param body added if a call was cut, for people who will not see the message again
 */
export function messageText(message: SeenMessage, body?: WireBody): string {
  const { messageId, queue, ageMs, receiveCount, groupId, deduplicationId, attributes, otherAttributes = 0 } = message;
  const age = ageMs === undefined ? '' : `, sent ${duration(ageMs)} ago`;
  const calls = message.calls.map(callText);
  const rest = calls.every(({ whole }) => whole) || typeof body !== 'string' ? message.body : body;
  const lines = [
    `message ${lineText(messageId)} of ${queue}${age}, received ${count(receiveCount, 'time')}, this receive included`,
    ...(groupId === undefined ? [] : [`group: ${lineText(groupId)}`]),
    ...(deduplicationId === undefined ? [] : [`deduplication id: ${lineText(deduplicationId)}`]),
    ...Object.entries(attributes).map(([name, value]) => `attribute ${lineText(name)}: ${lineText(value)}`),
    ...(otherAttributes === 0 ? [] : [`and ${count(otherAttributes, 'attribute')} of other types`]),
    ...calls.map(({ text }) => text),
    ...(message.problem === undefined ? [] : [`${message.problem.reason}: ${lineText(message.problem.detail)}`]),
    ...(rest === undefined ? [] : [`body: ${lineText(rest)}`]),
  ];
  return lines.join('\n');
}

/** Formats the calls of a body in one line. Cuts long arguments. */
export function callsText({ calls, problem }: SeenBody): string {
  const texts = calls.map((call) => `${callName(call)} ${shownJson(call.args ?? call.fields)[0]}`);
  if (problem !== undefined) texts.push(`${problem.reason}: ${lineText(problem.detail)}`);
  return texts.join('; ');
}

function callText(call: SeenCall): { readonly text: string; readonly whole: boolean } {
  const { protocol, type, seqid, args, fields } = call;
  const [values, whole] = shownJson(args ?? fields, 2);
  return { text: `${callName(call)} (${protocol}, ${type}, seqid ${seqid})\n${values}`, whole };
}
