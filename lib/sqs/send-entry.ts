import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { QueueError } from '../queue/queue-error.js';
import type { WireMessage } from '../queue/wire-message.js';
import { describePlace, type QueuePlace } from './queue-place.js';

/** A message as an entry of SendMessageBatch, or the error that SQS would answer, found without asking. */
export function toSendEntry(
  message: WireMessage,
  id: string,
  place: QueuePlace,
): SendMessageBatchRequestEntry | QueueError {
  const { body, attributes, groupId, deduplicationId, delaySeconds } = message;
  if (typeof body !== 'string') return invalid(place, 'takes text only. Encode the bytes, for example as base64');
  if (body === '') return invalid(place, 'takes no empty message. Give the message a body');
  const typed = toMessageAttributes(attributes ?? {});
  return {
    Id: id,
    MessageBody: body,
    ...(typed !== undefined && { MessageAttributes: typed }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
  };
}

function toMessageAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> | undefined {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  const typed = Object.create(null) as Record<string, MessageAttributeValue>;
  for (const [name, value] of entries) typed[name] = { DataType: 'String', StringValue: value };
  return typed;
}

function invalid(place: QueuePlace, rule: string): QueueError {
  return new QueueError(`${describePlace(place)} ${rule}.`, {
    code: 'InvalidMessageContents',
    kind: 'invalid',
    queue: place.name,
  });
}
