import type { WireMessage } from './wire-message.js';

/** The type of attributes; its name counts towards the size of each. `Number`, the only other one that is sent, is as long. */
export const ATTRIBUTE_TYPE = 'String';

/**
 * Bytes that a message counts for: body, and each attribute's name, type and value, in UTF-8
 * (Amazon SQS API reference, SendMessage: "the message size includes … message attributes").
 */
export function messageBytes(message: WireMessage): number {
  let bytes = typeof message.body === 'string' ? Buffer.byteLength(message.body) : message.body.byteLength;
  for (const [name, value] of Object.entries(message.attributes ?? {})) {
    bytes += Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value);
  }
  return bytes;
}
