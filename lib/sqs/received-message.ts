import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Defect, ReceivedMessage } from '../queue/wire-message.js';
import { md5OfAttributes, md5OfBody } from './message-md5.js';

const CORRUPT: Defect = { reason: 'md5-mismatch', detail: 'the body is not the one that was sent' };

/** A message as ReceiveMessage answers it, in the words of the port. `receivedAt` is in ms since the epoch. */
export function toReceivedMessage(raw: Message, receivedAt: number): ReceivedMessage {
  const { Attributes: system = {}, MessageAttributes: attributes = {} } = raw;
  const body = raw.Body ?? '';
  const text = textAttributes(attributes);
  const others = Object.keys(attributes).length - Object.keys(text).length;
  const sentAt = Number(system.SentTimestamp);
  return {
    id: raw.MessageId ?? '',
    body,
    attributes: text,
    ...(others > 0 && { otherAttributes: others }),
    ...(system.MessageGroupId !== undefined && { groupId: system.MessageGroupId }),
    receiveCount: Number(system.ApproximateReceiveCount) || 1,
    ...(sentAt > 0 && { sentAt }),
    receivedAt,
    receipt: raw.ReceiptHandle ?? '',
    ...(isCorrupt(raw, body, attributes) && { defect: CORRUPT }),
    raw,
  };
}

/** Whether values of a data type are text: `String`, `Number` and what applications derive from them (`Number.int`). */
export function isTextType(dataType: string): boolean {
  return /^(String|Number)\b/.test(dataType);
}

/** Without a prototype, so that an attribute named `__proto__` is an attribute. Binary values stay in `raw`. */
function textAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): Record<string, string> {
  const text = Object.create(null) as Record<string, string>;
  for (const [name, { DataType = '', StringValue }] of Object.entries(attributes)) {
    if (StringValue !== undefined && isTextType(DataType)) text[name] = StringValue;
  }
  return text;
}

/** A digest that the server left out proves nothing; one that is there must be right. */
function isCorrupt(raw: Message, body: string, attributes: Readonly<Record<string, MessageAttributeValue>>): boolean {
  if (raw.MD5OfBody !== undefined && raw.MD5OfBody !== md5OfBody(body)) return true;
  return raw.MD5OfMessageAttributes !== undefined && raw.MD5OfMessageAttributes !== md5OfAttributes(attributes);
}
