import type { DefinitionNode, IncludeNode, ProgramNode } from './ast.js';
import { tokenize } from './lexer.js';
import { parseAnnotations } from './parse-value.js';
import { parseDefinition } from './parse-definition.js';
import type { Source } from './source.js';
import { TokenStream } from './token-stream.js';

/**
 * Parses one IDL file into its syntax tree. Follows the grammar of Apache Thrift 0.24
 * (compiler/cpp/src/thrift/thrifty.yy).
 *
 * @param allowNegativeFieldIds see the option of the same name in `LoadSchemaOptions`
 * @throws IdlError `syntax`, and for mistakes that are visible without the other definitions
 */
export function parseIdl(source: Source, allowNegativeFieldIds = false): ProgramNode {
  const tokens = new TokenStream(source, tokenize(source), allowNegativeFieldIds);
  const includes: IncludeNode[] = [];
  const namespaces = new Map<string, string>();
  const definitions: DefinitionNode[] = [];
  while (parseHeader(tokens, includes, namespaces));
  while (tokens.peek().kind !== 'end') definitions.push(parseDefinition(tokens));
  return { includes, namespaces, definitions };
}

function parseHeader(tokens: TokenStream, includes: IncludeNode[], namespaces: Map<string, string>): boolean {
  if (tokens.accept('include')) {
    const { value, at } = tokens.expectKind('string', 'the file to include, a string');
    includes.push({ path: value, at });
  } else if (tokens.accept('cpp_include')) {
    tokens.expectKind('string', 'the C++ header to include, a string');
  } else if (tokens.accept('namespace')) {
    if (tokens.accept('*')) {
      namespaces.set('*', tokens.expectKind('identifier', 'the namespace').text);
    } else {
      const scope = tokens.expectKind('identifier', 'a language or "*"').text;
      namespaces.set(scope, tokens.expectKind('identifier', 'the namespace').text);
      parseAnnotations(tokens);
    }
  } else {
    return false;
  }
  return true;
}
