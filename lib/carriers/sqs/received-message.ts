import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { ATTRIBUTE_TYPE, type Content, type Defect, type ReceivedMessage } from '../../queue/wire-message.js';
import { QueueError } from '../../queue/queue-error.js';
import { answeredId, LONGEST_MESSAGE_ID } from './answered-id.js';

const CORRUPT: Defect = { reason: 'md5-mismatch', detail: 'the body differs from the body that was sent' };
const UNREADABLE: Defect = { reason: 'bad-envelope', detail: 'the body or an attribute cannot be read' };

/** Describes the receive that a message came with. */
interface Arrival {
  readonly queue: string;
  /** Time in ms by the receiver's clock. */
  readonly receivedAt: number;
  /** True if the digests of the message prove that it changed on the way. */
  readonly isCorrupt: (raw: Message) => boolean;
}

/**
 * Converts one message of ReceiveMessage's answer. Never throws, so that no message affects the
 * other messages. A message that can never be read gets a defect. A message whose conversion fails
 * here gets a fault, and another receiver may read it.
 */
export function toReceivedMessage(raw: Message, arrival: Arrival): ReceivedMessage {
  try {
    return convert(raw, arrival);
  } catch (cause) {
    const { queue, receivedAt } = arrival;
    const message = `a message of the queue "${queue}" cannot be converted. Look at the cause, and at middleware of the client.`;
    const fault = new QueueError(message, { code: 'UnreadableMessage', kind: 'service', queue, cause });
    const { MessageId, ReceiptHandle } = raw;
    const attributes = NO_ATTRIBUTES;
    const ids = {
      id: answeredId(MessageId, LONGEST_MESSAGE_ID) ?? unknownId(),
      receipt: answeredId(ReceiptHandle, LONGEST_RECEIPT) ?? '',
    };
    return { ...ids, ...groupOf(raw), body: '', attributes, receiveCount: 1, receivedAt, fault, raw };
  }
}

/** Reads the group of a message that cannot be converted: the messages behind it in the group have to wait. */
function groupOf({ Attributes }: Message): Pick<ReceivedMessage, 'groupId'> {
  try {
    const groupId = stringOf(Attributes?.MessageGroupId);
    return groupId === '' ? {} : { groupId };
  } catch {
    return {};
  }
}

/** Shared by all messages without attributes. */
const NO_ATTRIBUTES = Object.freeze(Object.create(null) as Record<string, never>);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function convert(raw: Message, { receivedAt, isCorrupt }: Arrival): ReceivedMessage {
  // Some servers write null for what is absent.
  const body: unknown = raw.Body ?? '';
  const isPlain = (raw.MessageAttributes ?? undefined) === undefined;
  const attributes = isPlain ? NO_ATTRIBUTES : readableAttributes(raw);
  const id = answeredId(raw.MessageId, LONGEST_MESSAGE_ID);
  const receipt = answeredId(raw.ReceiptHandle, LONGEST_RECEIPT);
  if (id === undefined || receipt === undefined)
    throw new TypeError('the message has no MessageId or no ReceiptHandle');
  const message: Mutable<ReceivedMessage> = {
    id,
    body: stringOf(body),
    attributes: NO_ATTRIBUTES,
    receiveCount: 1,
    receivedAt,
    receipt,
    raw,
  };
  addDelivery(message, raw.Attributes ?? {});
  if (!isPlain) {
    message.attributes = textAttributes(attributes);
    Object.assign(message, beyondText(attributes, message.attributes));
  }
  if (!isReadableMessage(raw, body, attributes)) message.defect = UNREADABLE;
  else if (isCorrupt(raw)) message.defect = CORRUPT;
  return message;
}

/** Adds the system attributes of a delivery. An absent one leaves no property. */
function addDelivery(message: Mutable<ReceivedMessage>, system: NonNullable<Message['Attributes']>): void {
  message.receiveCount = Number(system.ApproximateReceiveCount) || 1;
  const groupId = stringOf(system.MessageGroupId);
  if (groupId !== '') message.groupId = groupId;
  const sentAt = Number(system.SentTimestamp);
  if (sentAt > 0) message.sentAt = sentAt;
  const header = stringOf(system.AWSTraceHeader);
  if (header !== '') message.traceHeader = header;
}

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/**
 * Selects the attributes that have the form SQS documents. The result has no prototype, because
 * senders choose the names.
 */
export function readableAttributes({ MessageAttributes }: Message): Attributes {
  const readable = Object.create(null) as Record<string, MessageAttributeValue>;
  for (const [name, attribute] of Object.entries(MessageAttributes ?? {})) {
    if (isReadable(attribute)) readable[name] = attribute;
  }
  return readable;
}

/** Returns the value of a text attribute, or undefined for other attributes. */
export function textOf({ DataType = '', StringValue }: MessageAttributeValue): string | undefined {
  return isTextType(DataType) ? StringValue : undefined;
}

/** True if a data type is text: `String`, `Number` and types derived from them (`Number.int`). */
export function isTextType(dataType: string): boolean {
  return /^(String|Number)\b/.test(dataType);
}

/**
 * True if an attribute has the documented form. The SDK loses an attribute named `__proto__`, and a
 * server may send anything.
 */
function isReadable(attribute: unknown): attribute is MessageAttributeValue {
  if (typeof attribute !== 'object' || attribute === null) return false;
  const { DataType, StringValue: text, BinaryValue: bytes } = attribute as Record<string, unknown>;
  if (typeof DataType !== 'string' || (text ?? bytes) === undefined) return false;
  return (text === undefined || typeof text === 'string') && (bytes === undefined || ArrayBuffer.isView(bytes));
}

/**
 * Selects the text attributes. The result has no prototype, so only the names of attributes are
 * found. Binary values stay in `raw`.
 */
function textAttributes(attributes: Attributes): Record<string, string> {
  const text = Object.create(null) as Record<string, string>;
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = textOf(attribute);
    if (value !== undefined) text[name] = value;
  }
  return text;
}

/** Counts the attributes that are not text, and the bytes that the text attributes do not show. */
function beyondText(
  attributes: Attributes,
  text: Readonly<Record<string, string>>,
): Pick<Content, 'otherAttributes' | 'otherBytes'> {
  const others = Object.keys(attributes).length - Object.keys(text).length;
  const otherBytes = bytesBeyondText(attributes);
  return {
    ...(others > 0 && { otherAttributes: others }),
    ...(otherBytes > 0 && { otherBytes }),
  };
}

/**
 * Counts the bytes of attributes that are not text. Adds the bytes by which the names of text types
 * are longer than `String`.
 */
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

/** True if body and attributes have the form that SQS documents. */
function isReadableMessage(raw: Message, body: unknown, attributes: Attributes): boolean {
  const all = Object.keys(raw.MessageAttributes ?? {}).length;
  return typeof body === 'string' && Object.keys(attributes).length === all;
}

/** Longest receipt in characters. A receipt of SQS takes at most 1 024. */
const LONGEST_RECEIPT = 8_192;

let unknownIds = 0;

/** Returns an id for a message without one, so that nothing mistakes it for another message. */
function unknownId(): string {
  unknownIds += 1;
  return `unknown-${unknownIds}`;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Returns the content of a message without its delivery data, for a changed copy of the message.
 */
export function contentOf({ body, attributes, otherAttributes, otherBytes }: ReceivedMessage): Content {
  return {
    body,
    attributes,
    ...(otherAttributes !== undefined && { otherAttributes }),
    ...(otherBytes !== undefined && { otherBytes }),
  };
}
