import type { AnnotationPlaces, NameNode, ValueNode } from './ast.js';
import type { TokenStream } from './token-stream.js';
import { FIELD_NAME_KEYWORDS, type Token } from './tokens.js';
import { ROUTING_PREFIX } from './routing.js';
import type { Annotations } from './schema.js';

/** Parses the name of a definition: an identifier without dots that is not a keyword. */
export function parseName(tokens: TokenStream, what: string): NameNode {
  const token = tokens.peek();
  if (token.kind === 'keyword') {
    throw tokens.error(token.at, 'syntax', `expected ${what}, found the keyword "${token.text}"`);
  }
  return simpleName(tokens, tokens.expectKind('identifier', what));
}

/** Parses the name of a field or parameter. Most keywords are allowed. */
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

/** Parses a constant value of any type. */
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

/**
 * Parses optional annotations in parentheses. A key without a value means `"1"`. The last value of
 * a repeated key wins.
 *
 * @throws IdlError `bad-annotation` for an annotation that is valid only on a service or function
 */
export function parseAnnotations(tokens: TokenStream): Annotations {
  const { annotations, places } = parsePlacedAnnotations(tokens);
  for (const [key, { at }] of places) {
    if (!key.startsWith(ROUTING_PREFIX)) continue;
    throw tokens.error(at, 'bad-annotation', `"${key}" has no effect here: use it on a function or a service`);
  }
  return annotations;
}

/** Parses the annotations of a service or function, with their offsets. */
export function parsePlacedAnnotations(tokens: TokenStream): {
  readonly annotations: Annotations;
  readonly places: AnnotationPlaces;
} {
  const entries: [string, string][] = [];
  const places = new Map<string, { at: number; valueAt: number }>();
  if (tokens.accept('(')) {
    while (!tokens.accept(')')) {
      const key = tokens.expectKind('identifier', 'an annotation or ")"');
      const value = tokens.accept('=')
        ? tokens.expectKind('string', 'the value of the annotation, a string')
        : { value: '1', at: key.at };
      entries.push([key.text, value.value]);
      places.set(key.text, { at: key.at, valueAt: value.at });
      tokens.acceptSeparator();
    }
  }
  // `fromEntries` creates own properties for all keys, including `__proto__`.
  return { annotations: Object.fromEntries(entries), places };
}
