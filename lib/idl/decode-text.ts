import { isUtf8 } from 'node:buffer';

/** Begins the lone surrogates that stand for bytes which are not UTF-8, as Python's `surrogateescape` does. */
const ESCAPED = 0xdc00;

/**
 * Decodes the text of an IDL file. Bytes that are not UTF-8 become lone surrogates, so that comments may
 * hold them, and the lexer reports them in all other places with line and column.
 */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = validLength(bytes, at);
    text += length === 0 ? String.fromCharCode(ESCAPED + bytes[at]!) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** Returns the length of the character at an offset, or 0 if there is none. */
function validLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** Finds a lone surrogate. With the flag `u` no half of a pair matches. */
const LONE = /[\ud800-\udfff]/u;

/** Returns the first place of a text that is not UTF-8, and what is wrong there. */
export function findNonUtf8(text: string): { readonly at: number; readonly fault: string } | undefined {
  const found = LONE.exec(text);
  if (found === null) return undefined;
  const byte = found[0].charCodeAt(0) - ESCAPED;
  if (byte < 0x80 || byte > 0xff) return { at: found.index, fault: 'a lone surrogate, which UTF-8 does not have' };
  return {
    at: found.index,
    fault: `the byte 0x${byte.toString(16).toUpperCase()} is not UTF-8: save the file as UTF-8`,
  };
}
