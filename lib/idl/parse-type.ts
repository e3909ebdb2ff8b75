import type { TypeNode } from './ast.js';
import { parseAnnotations } from './parse-value.js';
import type { BaseTypeName } from './schema.js';
import type { TokenStream } from './token-stream.js';

const BASE_TYPES: ReadonlyMap<string, BaseTypeName> = new Map([
  ['bool', 'bool'],
  ['byte', 'i8'],
  ['i8', 'i8'],
  ['i16', 'i16'],
  ['i32', 'i32'],
  ['i64', 'i64'],
  ['double', 'double'],
  ['string', 'string'],
  ['binary', 'binary'],
  ['uuid', 'uuid'],
]);

/**
 * Parses a type. Annotations may follow base types and containers, but not names, as in Apache's
 * grammar.
 */
export function parseType(tokens: TokenStream, what = 'a type'): TypeNode {
  const { at, kind, text } = tokens.peek();
  if (kind === 'identifier') {
    tokens.next();
    return { kind: 'named', name: text, at };
  }
  if (kind !== 'keyword') throw tokens.unexpected(what);
  const base = BASE_TYPES.get(text);
  if (base !== undefined) {
    tokens.next();
    return { kind: 'base', name: base, at, annotations: parseAnnotations(tokens) };
  }
  if (text === 'list' || text === 'set' || text === 'map') {
    return tokens.nested('types', () => parseContainer(tokens, text, at));
  }
  throw tokens.unexpected(what);
}

function parseContainer(tokens: TokenStream, kind: 'list' | 'set' | 'map', at: number): TypeNode {
  tokens.next();
  parseCppType(tokens);
  tokens.expect('<', `after "${kind}"`);
  const first = parseType(tokens);
  if (kind === 'map') {
    tokens.expect(',', 'after the key type of the map');
    const value = parseType(tokens);
    tokens.expect('>', 'after the value type of the map');
    return { kind, key: first, value, at, annotations: parseAnnotations(tokens) };
  }
  tokens.expect('>', `after the element type of the ${kind}`);
  // Apache's compiler still accepts the old position of cpp_type for lists.
  if (kind === 'list') parseCppType(tokens);
  return { kind, element: first, at, annotations: parseAnnotations(tokens) };
}

/** Discards `cpp_type "std::…"`, because only C++ uses it. */
function parseCppType(tokens: TokenStream): void {
  if (tokens.accept('cpp_type')) tokens.expectKind('string', 'the C++ type, a string');
}
