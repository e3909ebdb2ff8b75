import { ThriftReadError } from '../errors.js';

const BASE64 = /^[A-Za-z0-9+/]*(={0,2})$/;

/** Counts the characters of padded base64 for a number of bytes. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/**
 * Decodes standard base64 with complete or no padding. The Apache runtimes for C++ and Java write
 * no padding; the runtimes for Python, Go and Node do. Rejects all other text that no encoder
 * writes.
 *
 * @throws ThriftReadError `type-mismatch`
 */
export function decodeBase64(text: string): Buffer {
  const padding = BASE64.exec(text)?.[1]?.length;
  if (padding === undefined || (padding > 0 && text.length % 4 !== 0)) throw notBase64();
  const digits = text.length - padding;
  const over = digits % 4;
  if (over === 1) throw notBase64();
  const bytes = Buffer.from(text, 'base64');
  // The last digit may have bits that no byte uses. An encoder sets these bits to zero.
  if (
    over !== 0 &&
    bytes.toString('base64', bytes.length - (over - 1)).slice(0, over) !== text.slice(digits - over, digits)
  ) {
    throw notBase64();
  }
  return bytes;
}

function notBase64(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'expected binary, found a string that is not base64');
}
