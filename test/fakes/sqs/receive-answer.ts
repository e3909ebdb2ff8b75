import { md5OfAttributes } from '#lib/carriers/sqs/message-md5.js';
import { textsOf, type Input } from './input.js';
import type { AttributeValue, Delivery, StoredMessage } from './model.js';

/** A message in the answer of ReceiveMessage. */
export type MessageAnswer = Record<string, unknown>;

/** Builds the messages of one receive with the attributes that it requested. */
export function receiveAnswer(deliveries: readonly Delivery[], input: Input): { Messages?: MessageAnswer[] } {
  if (deliveries.length === 0) return {};
  const system = [...textsOf(input, 'AttributeNames'), ...textsOf(input, 'MessageSystemAttributeNames')];
  const wanted = textsOf(input, 'MessageAttributeNames');
  return { Messages: deliveries.map((delivery) => messageAnswer(delivery, system, wanted)) };
}

function messageAnswer(delivery: Delivery, system: readonly string[], wanted: readonly string[]): MessageAnswer {
  const { message, handle } = delivery;
  const chosen = Object.entries(message.attributes).filter(([name]) =>
    wanted.some((pattern) => matches(name, pattern)),
  );
  const told = Object.entries(systemAttributes(delivery)).filter(
    ([name, value]) => value !== undefined && (system.includes('All') || system.includes(name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    Body: message.body,
    MD5OfBody: message.bodyMd5,
    ...(told.length > 0 && { Attributes: Object.fromEntries(told) }),
    ...(chosen.length > 0 && {
      MessageAttributes: Object.fromEntries(chosen.map(([name, value]) => [name, onWire(value)])),
      MD5OfMessageAttributes: digestOf(message, chosen),
    }),
  };
}

/** `All`, `.*`, a prefix such as `bar.*`, or a name. */
function matches(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function digestOf(message: StoredMessage, chosen: readonly (readonly [string, AttributeValue])[]): string | undefined {
  const whole = chosen.length === Object.keys(message.attributes).length;
  return whole ? message.attributesMd5 : md5OfAttributes(Object.fromEntries(chosen));
}

function systemAttributes({ message, receiveCount }: Delivery): Record<string, string | undefined> {
  return {
    SenderId: 'AIDAFAKE',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
}

function onWire({ BinaryValue, ...rest }: AttributeValue): Record<string, string> {
  return { ...rest, ...(BinaryValue !== undefined && { BinaryValue: Buffer.from(BinaryValue).toString('base64') }) };
}
