import type { Slab } from '../slab.js';
import { BACKSLASH, QUOTE } from './json-syntax.js';

/**
 * Matches the characters that JSON strings must escape (RFC 8259 §7), and the two further
 * characters that SQS rejects in a body.
 */
const SPECIAL = /["\\\u0000-\u001f\ufffe\uffff]/;
/** Checks and copies strings up to this many characters in JavaScript. */
const SHORT_STRING = 32;
/** Counts the most bytes of an escaped character: `\u001f`. */
const LONGEST = 6;

/**
 * Maps characters to the letters of their short escapes. The Apache runtimes write the same
 * escapes, and leave `/` as it is.
 */
const LETTERS = new Map([...'"\\\b\f\n\r\t'].map((char, i) => [char.charCodeAt(0), '"\\bfnrt'.charCodeAt(i)]));

/**
 * Writes a quoted string at the slab's position. Non-ASCII text becomes UTF-8.
 *
 * @throws ThriftWriteError `invalid-text` for a lone surrogate
 */
export function putJsonText(slab: Slab, text: string): void {
  const { length } = text;
  slab.reserve(length * 3 + 2);
  const from = slab.pos + 1;
  const { bytes } = slab;
  if (length <= SHORT_STRING) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127 || code < 32 || code === QUOTE || code === BACKSLASH) break;
      bytes[from + i] = code;
    }
    if (i === length) {
      close(slab, from, length);
      return;
    }
  }
  if (SPECIAL.test(text)) putEscaped(slab, text);
  else close(slab, from, slab.putUtf8(text, from));
}

function close(slab: Slab, from: number, size: number): void {
  slab.bytes[from - 1] = QUOTE;
  slab.bytes[from + size] = QUOTE;
  slab.pos = from + size + 1;
}

function putEscaped(slab: Slab, text: string): void {
  const { length } = text;
  slab.reserve(length * LONGEST + 2);
  const { bytes } = slab;
  const from = slab.pos + 1;
  let at = from;
  let run = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 32 && code !== QUOTE && code !== BACKSLASH && code < 0xfffe) continue;
    if (i > run) at += slab.putUtf8(text.slice(run, i), at);
    run = i + 1;
    bytes[at++] = BACKSLASH;
    const letter = LETTERS.get(code);
    if (letter !== undefined) bytes[at++] = letter;
    // Use lower case, because the readers for C++ and Java accept no other hex digits.
    else at += bytes.write(`u${code.toString(16).padStart(4, '0')}`, at, 'latin1');
  }
  at += slab.putUtf8(text.slice(run), at);
  close(slab, from, at - from);
}
