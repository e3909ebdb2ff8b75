import { findNonUtf8 } from './decode-text.js';
import { printable } from '../common/printable.js';
import { errorAt, type Source } from './source.js';
import { KEYWORDS, type Token } from './tokens.js';

/**
 * Removes the frame of a doc comment: leading stars if every line has a star, common indentation,
 * blank edges.
 *
 * @param body the text between the opening and the closing of the comment
 * @returns undefined for a comment without text
 */
function cleanDocComment(body: string): string | undefined {
  const [first = '', ...rest] = body.replaceAll('\r', '').split('\n');
  const starred = rest.every(
    (line, index) => /^[ \t]*\*/.test(line) || (index === rest.length - 1 && line.trim() === ''),
  );
  const lines = starred ? rest.map((line) => line.replace(/^[ \t]*\*/, '')) : rest;
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const text = [first.trim(), ...lines.map((line) => line.slice(indent).trimEnd())];
  while (text[0] === '') text.shift();
  while (text.at(-1) === '') text.pop();
  return text.length === 0 ? undefined : text.join('\n');
}

const HEX = /([+-]?)0x([0-9A-Fa-f]+)/y;
const INTEGER = /[+-]?[0-9]+/y;
const DOUBLE = /[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * Scans the number at an offset; undefined if there is no number. Leading zeros do not mean octal.
 *
 * @throws IdlError `syntax` for an integer beyond 64 bits
 */
function scanNumber(source: Source, at: number): Token | undefined {
  const hex = exec(HEX, source.text, at);
  if (hex !== null) {
    const magnitude = BigInt(`0x${hex[2] ?? '0'}`);
    return integer(source, at, hex[0], hex[1] === '-' ? -magnitude : magnitude, -INT64_MAX);
  }
  const double = exec(DOUBLE, source.text, at)?.[0];
  if (double === undefined) return undefined;
  if (exec(INTEGER, source.text, at)?.[0] !== double)
    return { kind: 'double', text: double, at, value: Number(double) };
  return integer(source, at, double, BigInt(double.replace('+', '')), INT64_MIN);
}

function integer(source: Source, at: number, text: string, value: bigint, min: bigint): Token {
  if (value < min || value > INT64_MAX)
    throw errorAt(source, at, 'syntax', `the integer ${text} does not fit in 64 bits`);
  return { kind: 'integer', text, at, value };
}

function exec(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['r', '\r'],
  ['n', '\n'],
  ['t', '\t'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/**
 * Scans the string literal at an offset, in single or double quotes.
 *
 * @throws IdlError `syntax` for a missing end quote, text that is not UTF-8, or an escape other than
 *   `\r \n \t \" \' \\`
 */
function scanString(source: Source, at: number): Token {
  const { text } = source;
  const quote = text[at];
  let value = '';
  let from = at + 1;
  for (let i = from; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === quote) {
      const whole = text.slice(at, i + 1);
      const wrong = findNonUtf8(whole);
      if (wrong !== undefined) throw errorAt(source, at + wrong.at, 'syntax', wrong.fault);
      return { kind: 'string', text: whole, at, value: value + text.slice(from, i) };
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

const SPACE = /[ \t\r\n]+/y;
const LINE_COMMENT = /(?:\/\/|#)[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const SYMBOL = /[:;,{}()=<>[\]*&]/y;

/**
 * Splits an IDL text into tokens. The last token is of kind `end`.
 *
 * Follows Apache's scanner (0.24, thriftl.ll): the longest match wins, so `1.5.5` is two numbers
 * and `[1-2]` is a list of two.
 *
 * @throws IdlError `syntax` for an illegal character, an unterminated string or comment, a bad
 *   escape, an integer beyond 64 bits
 */
export function tokenize(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  // Skip a byte order mark at the start only, as Apache's compiler does.
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let doc: string | undefined;
  while (at < text.length) {
    const blank = match(SPACE, text, at) || match(LINE_COMMENT, text, at);
    if (blank !== '') {
      at += blank.length;
    } else if (text.startsWith('/*', at)) {
      const end = commentEnd(source, at);
      if (isDocComment(text, at, end)) doc = cleanDocComment(text.slice(at + 3, end - 2));
      at = end;
    } else {
      const token = scanToken(source, at);
      tokens.push(doc === undefined ? token : { ...token, doc });
      doc = undefined;
      at += token.text.length;
    }
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function commentEnd(source: Source, at: number): number {
  const end = source.text.indexOf('*/', at + 2);
  if (end === -1) throw errorAt(source, at, 'syntax', 'this comment is never closed: "*/" is missing');
  return end + 2;
}

/**
 * Excludes comments that contain only stars, such as ruler lines, because they document nothing.
 */
function isDocComment(text: string, at: number, end: number): boolean {
  return text.startsWith('/**', at) && !/^\/\*+\/$/.test(text.slice(at, end));
}

function scanToken(source: Source, at: number): Token {
  const { text } = source;
  const word = match(WORD, text, at);
  if (word !== '') return wordToken(word, at);
  const symbol = match(SYMBOL, text, at);
  if (symbol !== '') return { kind: 'symbol', text: symbol, at };
  if (text[at] === '"' || text[at] === "'") return scanString(source, at);
  const number = scanNumber(source, at);
  if (number !== undefined) return number;
  throw illegalCharacter(source, at);
}

function wordToken(word: string, at: number): Token {
  if (word === 'true' || word === 'false') {
    return { kind: 'integer', text: word, at, value: word === 'true' ? 1n : 0n };
  }
  return { kind: KEYWORDS.has(word) ? 'keyword' : 'identifier', text: word, at };
}

function illegalCharacter(source: Source, at: number): Error {
  const code = source.text.codePointAt(at) ?? 0;
  const wrong = findNonUtf8(String.fromCodePoint(code));
  if (wrong !== undefined) return errorAt(source, at, 'syntax', wrong.fault);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return errorAt(source, at, 'syntax', `illegal character ${printable(String.fromCodePoint(code))} (${name})`);
}
