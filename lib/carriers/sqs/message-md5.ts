import { createHash, hash, type Hash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/** Returns the MD5 of a body in lower-case hex, as in `MD5OfBody` and `MD5OfMessageBody`. */
export function md5OfBody(body: string): string {
  return hash('md5', body);
}

/**
 * Returns the MD5 of message attributes, as in `MD5OfMessageAttributes`. The attributes are sorted
 * by name. A length in 4 bytes precedes each name, type and value. A further byte before the length
 * of the value marks text (1) or bytes (2). Source: SQS Developer Guide, "Calculating the MD5
 * message digest for message attributes".
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const sum = createHash('md5');
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { DataType = '', StringValue, BinaryValue }] of sorted) {
    field(sum, name);
    field(sum, DataType);
    const binary = DataType.startsWith('Binary');
    sum.update(Buffer.of(binary ? 2 : 1));
    field(sum, binary ? (BinaryValue ?? '') : (StringValue ?? ''));
  }
  return sum.digest('hex');
}

function field(sum: Hash, value: string | Uint8Array): void {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  sum.update(length).update(bytes);
}
