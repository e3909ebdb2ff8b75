import type { ConstNode, DefinitionNode, StructNode, TypedefNode } from './ast.js';
import { parseAnnotations, parseName, parseValue } from './parse-value.js';
import { parseEnum } from './parse-enum.js';
import { parseFields } from './parse-field.js';
import { parseService } from './parse-service.js';
import { parseType } from './parse-type.js';
import type { TokenStream } from './token-stream.js';

const HEADERS: ReadonlySet<string> = new Set(['include', 'cpp_include', 'namespace']);

/**
 * Parses a const, typedef, enum, struct, union, exception or service with its preceding doc
 * comment.
 */
export function parseDefinition(tokens: TokenStream): DefinitionNode {
  const { doc } = tokens.peek();
  const node = parseUndocumented(tokens);
  return doc === undefined ? node : { ...node, doc };
}

function parseUndocumented(tokens: TokenStream): DefinitionNode {
  const { kind, text, at } = tokens.peek();
  if (kind === 'keyword') {
    if (HEADERS.has(text)) throw tokens.error(at, 'syntax', `"${text}" must stand before the first definition`);
    switch (text) {
      case 'const':
        return parseConst(tokens);
      case 'typedef':
        return parseTypedef(tokens);
      case 'enum':
        tokens.next();
        return parseEnum(tokens);
      case 'struct':
      case 'union':
      case 'exception':
        return parseStruct(tokens, text);
      case 'service':
        tokens.next();
        return parseService(tokens);
      default:
    }
  }
  throw tokens.unexpected('a definition (const, typedef, enum, struct, union, exception or service)');
}

function parseConst(tokens: TokenStream): ConstNode {
  tokens.next();
  const type = parseType(tokens, 'the type of the constant');
  const name = parseName(tokens, 'the name of the constant');
  tokens.expect('=', 'after the name of the constant');
  const value = parseValue(tokens);
  tokens.acceptSeparator();
  return { kind: 'const', name, type, value };
}

function parseTypedef(tokens: TokenStream): TypedefNode {
  tokens.next();
  const type = parseType(tokens);
  const name = parseName(tokens, 'the name of the typedef');
  const annotations = parseAnnotations(tokens);
  tokens.acceptSeparator();
  return { kind: 'typedef', name, type, annotations };
}

function parseStruct(tokens: TokenStream, kind: StructNode['kind']): StructNode {
  tokens.next();
  const name = parseName(tokens, `the name of the ${kind}`);
  if (kind !== 'exception') tokens.accept('xsd_all');
  tokens.expect('{', `after the name of the ${kind}`);
  const fields = parseFields(tokens, '}');
  return { kind, name, fields, annotations: parseAnnotations(tokens) };
}
