import { isUtf8 } from 'node:buffer';
import { ThriftReadError } from './errors.js';

/**
 * The text of a range of bytes. With `lenient` U+FFFD stands for what is not UTF-8.
 *
 * @throws ThriftReadError `invalid-utf8`
 */
export function decodeUtf8(bytes: Buffer, at: number, to: number, lenient: boolean): string {
  const text = bytes.toString('utf8', at, to);
  // The engine replaces what is not UTF-8 by U+FFFD, which may also have been sent.
  if (!lenient && text.includes('\ufffd') && !isUtf8(bytes.subarray(at, to))) {
    throw new ThriftReadError('invalid-utf8', 'a string that is not UTF-8');
  }
  return text;
}
