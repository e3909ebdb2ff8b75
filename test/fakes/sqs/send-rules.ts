import type { AttributeValue, Draft } from './model.js';
import { badValue, missing, Refusal } from './refusal.js';

/** Anything outside `#x9 #xA #xD #x20–#xD7FF #xE000–#xFFFD #x10000–#x10FFFF`, lone surrogates included (SendMessage). */
const FORBIDDEN = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!aws\.|amazon\.)[A-Za-z0-9_.-]{1,256}$/i;
const DATA_TYPE = /^(String|Number|Binary)(\.[^\s]{1,249})?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ID = /^[\x21-\x7E]{1,128}$/;
const MAX_ATTRIBUTES = 10;

export interface SendRules {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly maximumMessageSize: number;
}

/**
 * Checks the required parts of a message. A missing part refuses the whole batch, even with good
 * entries. LocalStack recorded this from AWS
 * (`test_send_batch_missing_message_group_id_for_fifo_queue`,
 * `test_send_batch_missing_deduplication_id_for_fifo_queue`).
 */
export function checkPresence({ body, groupId, deduplicationId }: Draft, rules: SendRules): void {
  if (body === '') throw missing('MessageBody');
  if (!rules.fifo) return;
  if (groupId === undefined) throw missing('MessageGroupId');
  if (deduplicationId !== undefined || rules.contentBasedDeduplication) return;
  throw new Refusal(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

/** Checks the content of a message. In a batch, a fault refuses only its entry. */
export function checkContent(draft: Draft, rules: SendRules): void {
  if (FORBIDDEN.test(draft.body)) {
    throw new Refusal('InvalidMessageContents', 'Invalid characters found. Valid unicode characters are listed.');
  }
  checkAttributes(draft.attributes);
  checkIds(draft, rules);
  checkDelay(draft, rules);
  if (draftBytes(draft) > rules.maximumMessageSize) {
    const reason = `Reason: Message must be shorter than ${rules.maximumMessageSize} bytes.`;
    throw new Refusal('InvalidParameterValue', `One or more parameters are invalid. ${reason}`);
  }
}

/** Body and each attribute's name, type and value, in UTF-8; the trace header does not count. */
export function draftBytes({ body, attributes }: Draft): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue?.byteLength ?? Buffer.byteLength(StringValue);
  }
  return bytes;
}

function checkAttributes(attributes: Draft['attributes']): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) {
    const message = `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`;
    throw new Refusal('InvalidParameterValue', message);
  }
  for (const [name, value] of entries) checkAttribute(name, value);
}

function checkAttribute(name: string, value: AttributeValue): void {
  const problem = ATTRIBUTE_NAME.test(name) ? problemOf(value) : 'has a name that is not allowed';
  if (problem !== undefined) {
    throw new Refusal('InvalidParameterValue', `Message (user) attribute '${name}' ${problem}.`);
  }
}

/** Why an attribute may not be as it is. */
function problemOf({ DataType, StringValue, BinaryValue }: AttributeValue): string | undefined {
  const type = DATA_TYPE.exec(DataType)?.[1];
  if (type === undefined || DataType.length > 256) return `has an invalid type '${DataType}'`;
  const value = type === 'Binary' ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0) return `must contain a non-empty value of type '${type}'`;
  return StringValue === undefined ? undefined : problemOfText(StringValue, type);
}

function problemOfText(text: string, type: string): string | undefined {
  if (FORBIDDEN.test(text)) return 'has an invalid character';
  return type === 'Number' && !NUMBER.test(text) ? 'has a value that is not a number' : undefined;
}

function checkIds({ groupId, deduplicationId }: Draft, { fifo }: SendRules): void {
  for (const [name, id] of Object.entries({ MessageGroupId: groupId, MessageDeduplicationId: deduplicationId })) {
    if (id === undefined || ID.test(id)) continue;
    throw badValue(name, id, `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length`);
  }
  if (!fifo && deduplicationId !== undefined) throw notForThisQueue('MessageDeduplicationId', deduplicationId);
}

function checkDelay({ delaySeconds = 0 }: Draft, { fifo }: SendRules): void {
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
    throw badValue('DelaySeconds', delaySeconds, 'DelaySeconds must be >= 0 and <= 900');
  }
  if (fifo && delaySeconds !== 0) throw notForThisQueue('DelaySeconds', delaySeconds);
}

function notForThisQueue(parameter: string, value: unknown): Refusal {
  return badValue(parameter, value, 'The request include parameter that is not valid for this queue type');
}
