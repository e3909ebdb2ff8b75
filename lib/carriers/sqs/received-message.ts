import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { ATTRIBUTE_TYPE, type Content, type Defect, type ReceivedMessage } from '../../queue/wire-message.js';
import { md5OfAttributes, md5OfBody } from './message-md5.js';

const CORRUPT: Defect = { reason: 'md5-mismatch', detail: 'the body is not the one that was sent' };
const UNREADABLE: Defect = { reason: 'bad-envelope', detail: 'its body or an attribute cannot be read' };

/**
 * A message as ReceiveMessage answers it, in the words of the port. `receivedAt` is in ms since the epoch. Never throws: what cannot be
 * read is a defect of its message, and nothing to the others of the answer.
 */
export function toReceivedMessage(raw: Message, receivedAt: number): ReceivedMessage {
  const { Attributes: system = {} } = raw;
  const body: unknown = raw.Body ?? '';
  const attributes = readableAttributes(raw);
  const text = textAttributes(attributes);
  const others = Object.keys(attributes).length - Object.keys(text).length;
  const otherBytes = bytesBeyondText(attributes);
  const sentAt = Number(system.SentTimestamp);
  const defect = defectOf(raw, body, attributes);
  return {
    id: raw.MessageId ?? '',
    body: typeof body === 'string' ? body : '',
    attributes: text,
    ...(others > 0 && { otherAttributes: others }),
    ...(otherBytes > 0 && { otherBytes }),
    ...(system.MessageGroupId !== undefined && { groupId: system.MessageGroupId }),
    receiveCount: Number(system.ApproximateReceiveCount) || 1,
    ...(sentAt > 0 && { sentAt }),
    receivedAt,
    receipt: raw.ReceiptHandle ?? '',
    ...(defect !== undefined && { defect }),
    raw,
  };
}

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** Those attributes of a message that are such as SQS describes them. Without a prototype, as their names are anybody's choice. */
export function readableAttributes({ MessageAttributes = {} }: Message): Attributes {
  const readable = Object.create(null) as Record<string, MessageAttributeValue>;
  for (const [name, attribute] of Object.entries(MessageAttributes)) {
    if (isReadable(attribute)) readable[name] = attribute;
  }
  return readable;
}

/** The value of an attribute that is text, with which it then is in the attributes of its message. */
export function textOf({ DataType = '', StringValue }: MessageAttributeValue): string | undefined {
  return isTextType(DataType) ? StringValue : undefined;
}

/** Whether values of a data type are text: `String`, `Number` and what applications derive from them (`Number.int`). */
export function isTextType(dataType: string): boolean {
  return /^(String|Number)\b/.test(dataType);
}

/** The SDK makes nothing at all of an attribute named `__proto__`, and a server may write anything. */
function isReadable(attribute: unknown): attribute is MessageAttributeValue {
  if (typeof attribute !== 'object' || attribute === null) return false;
  const { DataType, StringValue: text, BinaryValue: bytes } = attribute as Record<string, unknown>;
  if (typeof DataType !== 'string' || (text ?? bytes) === undefined) return false;
  return (text === undefined || typeof text === 'string') && (bytes === undefined || ArrayBuffer.isView(bytes));
}

/** Without a prototype, so that attributes are found by their own names only. Binary values stay in `raw`. */
function textAttributes(attributes: Attributes): Record<string, string> {
  const text = Object.create(null) as Record<string, string>;
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = textOf(attribute);
    if (value !== undefined) text[name] = value;
  }
  return text;
}

/** What attributes take that are no text, and types of text with longer names than `String`. */
function bytesBeyondText(attributes: Attributes): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes)) {
    const { DataType = '', StringValue = '', BinaryValue } = attribute;
    const type = Buffer.byteLength(DataType);
    if (textOf(attribute) !== undefined) bytes += type - ATTRIBUTE_TYPE.length;
    else bytes += Buffer.byteLength(name) + type + (BinaryValue?.byteLength ?? Buffer.byteLength(StringValue));
  }
  return bytes;
}

/** A digest that the server left out proves nothing; one that is there must be right. */
function defectOf(raw: Message, body: unknown, attributes: Attributes): Defect | undefined {
  const all = Object.keys(raw.MessageAttributes ?? {}).length;
  if (typeof body !== 'string' || Object.keys(attributes).length < all) return UNREADABLE;
  if (raw.MD5OfBody !== undefined && raw.MD5OfBody !== md5OfBody(body)) return CORRUPT;
  const { MD5OfMessageAttributes: digest } = raw;
  return digest !== undefined && digest !== md5OfAttributes(attributes) ? CORRUPT : undefined;
}

/** What a message carries, without its delivery: for the copy of one out of which something else is taken. */
export function contentOf({ body, attributes, otherAttributes, otherBytes }: ReceivedMessage): Content {
  return {
    body,
    attributes,
    ...(otherAttributes !== undefined && { otherAttributes }),
    ...(otherBytes !== undefined && { otherBytes }),
  };
}
