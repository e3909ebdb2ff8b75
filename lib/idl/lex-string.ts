import { errorAt, type Source } from './source.js';
import type { Token } from './tokens.js';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['r', '\r'],
  ['n', '\n'],
  ['t', '\t'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/**
 * The string literal at an offset, in either kind of quotes.
 *
 * @throws IdlError `syntax` for a missing end quote or an escape other than `\r \n \t \" \' \\`
 */
export function scanString(source: Source, at: number): Token {
  const { text } = source;
  const quote = text[at];
  let value = '';
  let from = at + 1;
  for (let i = from; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === quote) {
      return { kind: 'string', text: text.slice(at, i + 1), at, value: value + text.slice(from, i) };
    }
    if (text[i] === '\\') {
      value += text.slice(from, i) + unescape(source, i);
      i += 1;
      from = i + 1;
    }
  }
  throw errorAt(source, at, 'syntax', `this string is never closed: ${quote} is missing before the end of the line`);
}

function unescape(source: Source, at: number): string {
  const letter = String.fromCodePoint(source.text.codePointAt(at + 1) ?? 0x20);
  const value = ESCAPES.get(letter);
  if (value !== undefined) return value;
  throw errorAt(
    source,
    at,
    'syntax',
    `unknown escape ${JSON.stringify(letter)} after a backslash: use one of r n t " ' \\`,
  );
}
