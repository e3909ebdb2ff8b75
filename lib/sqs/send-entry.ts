import type { Message, MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { QueueError } from '../queue/queue-error.js';
import type { WireMessage } from '../queue/wire-message.js';
import { describePlace, type QueuePlace } from './queue-place.js';
import { readableAttributes, textOf } from './received-message.js';

/** A message as an entry of SendMessageBatch, or the error that SQS would answer, found without asking. */
export function toSendEntry(
  message: WireMessage,
  id: string,
  place: QueuePlace,
): SendMessageBatchRequestEntry | QueueError {
  const { body, attributes, numbers, groupId, deduplicationId, delaySeconds, original } = message;
  if (typeof body !== 'string') return invalid(place, 'takes text only. Encode the bytes, for example as base64');
  if (body === '') return invalid(place, 'takes no empty message. Give the message a body');
  const copied = (original?.raw ?? {}) as Message;
  const typed = toMessageAttributes(attributes ?? {}, numbers, readableAttributes(copied));
  return {
    Id: id,
    MessageBody: body,
    ...(typed !== undefined && { MessageAttributes: typed }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
    ...traceHeader(copied),
  };
}

/** The text attributes, and for a copy those of the original that are no text, as they were. */
function toMessageAttributes(
  attributes: Readonly<Record<string, string>>,
  numbers: readonly string[] | undefined,
  copied: Readonly<Record<string, MessageAttributeValue>>,
): Record<string, MessageAttributeValue> | undefined {
  const typed = Object.create(null) as Record<string, MessageAttributeValue>;
  for (const [name, value] of Object.entries(attributes)) {
    typed[name] = { DataType: numbers?.includes(name) ? 'Number' : 'String', StringValue: value };
  }
  for (const [name, value] of Object.entries(copied)) {
    const text = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (text === textOf(value)) typed[name] = value;
  }
  return Object.keys(typed).length > 0 ? typed : undefined;
}

function traceHeader({ Attributes }: Message): Pick<SendMessageBatchRequestEntry, 'MessageSystemAttributes'> {
  const header = Attributes?.AWSTraceHeader;
  if (header === undefined) return {};
  return { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } } };
}

function invalid(place: QueuePlace, rule: string): QueueError {
  return new QueueError(`${describePlace(place)} ${rule}.`, {
    code: 'InvalidMessageContents',
    kind: 'invalid',
    queue: place.name,
  });
}
