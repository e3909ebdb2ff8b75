import { ThriftReadError } from '../errors.js';
import { BACKSLASH } from './json-syntax.js';

/** Maps the letter of a short escape to its character (RFC 8259 §7). */
const SHORT = new Map(
  [...'"\\/bfnrt'].map((letter, index) => [letter.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(index)]),
);

/**
 * Returns the bytes of a string with every escape replaced by UTF-8. A lone surrogate becomes the
 * three bytes that UTF-8 forbids, so that the decoder rejects it.
 *
 * @throws ThriftReadError `type-mismatch` for an escape that JSON does not define
 */
export function unescape(bytes: Buffer, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafe(to - from);
  let size = 0;
  let at = from;
  while (at < to) {
    const code = bytes[at++] as number;
    if (code !== BACKSLASH) {
      out[size++] = code;
      continue;
    }
    const letter = bytes[at++] as number;
    if (letter !== 0x75) {
      const short = SHORT.get(letter);
      if (short === undefined) throw badEscape();
      out[size++] = short;
      continue;
    }
    let point = hex4(bytes, at, to);
    at += 4;
    if ((point & 0xfc00) === 0xd800 && bytes[at] === BACKSLASH && bytes[at + 1] === 0x75) {
      const low = hex4(bytes, at + 2, to);
      if ((low & 0xfc00) === 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
        at += 6;
      }
    }
    size = putPoint(out, size, point);
  }
  return out.subarray(0, size);
}

function hex4(bytes: Buffer, at: number, to: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const code = i < to ? (bytes[i] as number) : 0;
    const letter = code | 0x20;
    if (code >= 0x30 && code <= 0x39) value = (value << 4) | (code - 0x30);
    else if (letter >= 0x61 && letter <= 0x66) value = (value << 4) | (letter - 0x57);
    else throw badEscape();
  }
  return value;
}

function putPoint(out: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    out[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >> 6);
    out[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    out[at] = 0xe0 | (point >> 12);
    out[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    out[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (point >> 18);
  out[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  out[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

function badEscape(): ThriftReadError {
  return new ThriftReadError('type-mismatch', 'an escape that JSON does not have');
}
