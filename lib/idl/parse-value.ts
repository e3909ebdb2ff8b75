import type { ValueNode } from './ast.js';
import type { TokenStream } from './token-stream.js';

/** A constant value, of whatever type. */
export function parseValue(tokens: TokenStream, what = 'a constant value'): ValueNode {
  const token = tokens.peek();
  const { at } = token;
  switch (token.kind) {
    case 'integer':
      tokens.next();
      return { kind: 'integer', value: token.value, at };
    case 'double':
      tokens.next();
      return { kind: 'double', value: token.value, at };
    case 'string':
      tokens.next();
      return { kind: 'string', value: token.value, at };
    case 'identifier':
      tokens.next();
      return { kind: 'reference', name: token.text, at };
    default:
  }
  if (tokens.accept('[')) return tokens.nested('constants', () => parseList(tokens, at));
  if (tokens.accept('{')) return tokens.nested('constants', () => parseMap(tokens, at));
  throw tokens.unexpected(what);
}

function parseList(tokens: TokenStream, at: number): ValueNode {
  const items: ValueNode[] = [];
  while (!tokens.accept(']')) {
    items.push(parseValue(tokens, 'a constant value or "]"'));
    tokens.acceptSeparator();
  }
  return { kind: 'list', items, at };
}

function parseMap(tokens: TokenStream, at: number): ValueNode {
  const entries: [ValueNode, ValueNode][] = [];
  while (!tokens.accept('}')) {
    const key = parseValue(tokens, 'a constant value or "}"');
    tokens.expect(':', 'after the key');
    entries.push([key, parseValue(tokens)]);
    tokens.acceptSeparator();
  }
  return { kind: 'map', entries, at };
}
