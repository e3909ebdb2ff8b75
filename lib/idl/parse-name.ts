import type { NameNode } from './ast.js';
import type { TokenStream } from './token-stream.js';
import { FIELD_NAME_KEYWORDS, type Token } from './tokens.js';

/** The name of a definition: an identifier that is no keyword and has no dot. */
export function parseName(tokens: TokenStream, what: string): NameNode {
  const token = tokens.peek();
  if (token.kind === 'keyword') {
    throw tokens.error(token.at, 'syntax', `expected ${what}, found the keyword "${token.text}"`);
  }
  return simpleName(tokens, tokens.expectKind('identifier', what));
}

/** The name of a field or parameter: most keywords are allowed here. */
export function parseFieldName(tokens: TokenStream): NameNode {
  const token = tokens.peek();
  if (token.kind === 'keyword' && FIELD_NAME_KEYWORDS.has(token.text)) {
    tokens.next();
    return { text: token.text, at: token.at };
  }
  return simpleName(tokens, tokens.expectKind('identifier', 'a field name'));
}

function simpleName(tokens: TokenStream, token: Token): NameNode {
  if (token.text.includes('.')) {
    throw tokens.error(token.at, 'bad-name', `"${token.text}" cannot be declared: a name has no dots`);
  }
  return { text: token.text, at: token.at };
}
