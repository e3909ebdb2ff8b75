import type { WireMessage } from './wire-message.js';

/** The type of attributes; its name counts towards the size of each. `Number`, the only other one that is sent, is as long. */
export const ATTRIBUTE_TYPE = 'String';

/**
 * Bytes that a message counts for: body, and each attribute's name, type and value, in UTF-8
 * (Amazon SQS API reference, SendMessage: "the message size includes … message attributes"). A copy of a message counts for what the
 * carrier copies as well; a little more than that where it leaves attributes out.
 */
export function messageBytes({ body, attributes = {}, original }: WireMessage): number {
  const { otherBytes = 0 } = original?.copy ?? original ?? {};
  let bytes = otherBytes + (typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value);
  }
  return bytes;
}
