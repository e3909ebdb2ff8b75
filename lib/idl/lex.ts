import { cleanDocComment } from './doc-comment.js';
import { scanNumber } from './lex-number.js';
import { scanString } from './lex-string.js';
import { errorAt, type Source } from './source.js';
import { KEYWORDS, type Token } from './tokens.js';

const SPACE = /[ \t\r\n]+/y;
const LINE_COMMENT = /(?:\/\/|#)[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*/y;
const SYMBOL = /[:;,{}()=<>[\]*&]/y;

/**
 * Cuts an IDL text into tokens, the last of which is of kind `end`.
 *
 * Follows Apache's scanner (0.24, thriftl.ll): the longest match wins, so `1.5.5` is two numbers and `[1-2]` a list of two.
 *
 * @throws IdlError `syntax` for an illegal character, an unterminated string or comment, a bad escape, an integer beyond 64 bits
 */
export function tokenize(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  // A byte order mark is skipped at the start only, as Apache's compiler does.
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

/** Comments of stars alone, such as the rulers people draw, document nothing. */
function isDocComment(text: string, at: number, end: number): boolean {
  return text.startsWith('/**', at) && !/^\/\*+\/$/.test(text.slice(at, end));
}

function scanToken(source: Source, at: number): Token {
  const { text } = source;
  const word = match(WORD, text, at);
  if (word === 'true' || word === 'false') {
    return { kind: 'integer', text: word, at, value: word === 'true' ? 1n : 0n };
  }
  if (word !== '') return { kind: KEYWORDS.has(word) ? 'keyword' : 'identifier', text: word, at };
  const symbol = match(SYMBOL, text, at);
  if (symbol !== '') return { kind: 'symbol', text: symbol, at };
  if (text[at] === '"' || text[at] === "'") return scanString(source, at);
  const number = scanNumber(source, at);
  if (number !== undefined) return number;
  const code = text.codePointAt(at) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  throw errorAt(source, at, 'syntax', `illegal character ${JSON.stringify(String.fromCodePoint(code))} (${name})`);
}
