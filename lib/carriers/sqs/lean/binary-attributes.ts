import type { Message, MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

/** Returns an entry as JSON carries it: bytes of attributes become base64. */
export function withBinary(entry: SendMessageBatchRequestEntry): object {
  const { MessageAttributes: attributes } = entry;
  if (attributes === undefined || !Object.values(attributes).some(hasBytes)) return entry;
  const encoded = Object.entries(attributes).map(([name, value]) => [name, hasBytes(value) ? toText(value) : value]);
  return { ...entry, MessageAttributes: Object.fromEntries(encoded) as unknown };
}

/** Turns the base64 of a received message's attributes into bytes. The message comes from JSON and is changed. */
export function withBytes(message: Message): void {
  const { MessageAttributes: attributes } = message;
  if (!attributes) return;
  for (const value of Object.values(Object(attributes) as Record<string, unknown>)) {
    const { BinaryValue: text } = Object(value) as { readonly BinaryValue?: unknown };
    if (typeof text === 'string') (value as MessageAttributeValue).BinaryValue = Buffer.from(text, 'base64');
  }
}

function hasBytes({ BinaryValue }: MessageAttributeValue): boolean {
  return BinaryValue !== undefined;
}

function toText(value: MessageAttributeValue): object {
  return { ...value, BinaryValue: Buffer.from(value.BinaryValue!).toString('base64') };
}
