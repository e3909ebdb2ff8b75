import type { Slab } from '../slab.js';
import { BACKSLASH, QUOTE } from './json-syntax.js';

/** What may not stand in a JSON string as it is (RFC 8259 §7), and the two characters above it that SQS refuses in a body. */
const SPECIAL = /["\\\u0000-\u001f\ufffe\uffff]/;
/** Strings up to this many characters are looked at and copied in JavaScript. */
const SHORT_STRING = 32;
/** The most bytes that a character becomes: `\u001f`. */
const LONGEST = 6;

/** The letters of short escapes by what they stand for; the Apache runtimes write the same, and `/` as it is. */
const LETTERS = new Map([...'"\\\b\f\n\r\t'].map((char, i) => [char.charCodeAt(0), '"\\bfnrt'.charCodeAt(i)]));

/**
 * Writes a string in quotes at the slab's position, text beyond ASCII as UTF-8.
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
    // Lower case: the readers for C++ and Java know no other hex digits.
    else at += bytes.write(`u${code.toString(16).padStart(4, '0')}`, at, 'latin1');
  }
  at += slab.putUtf8(text.slice(run), at);
  close(slab, from, at - from);
}
