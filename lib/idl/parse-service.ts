import type { FunctionNode, NameNode, ServiceNode, TypeNode } from './ast.js';
import { parseName, parsePlacedAnnotations } from './parse-value.js';
import { parseFields } from './parse-field.js';
import { parseType } from './parse-type.js';
import type { TokenStream } from './token-stream.js';

/**
 * Parses a service after its keyword.
 *
 * @throws IdlError `duplicate-name` for a function declared twice, `bad-oneway` for a oneway
 *   function that returns or throws
 */
export function parseService(tokens: TokenStream): ServiceNode {
  const name = parseName(tokens, 'the name of the service');
  const base = tokens.accept('extends') ? parseBaseName(tokens) : undefined;
  tokens.expect('{', base === undefined ? 'after the name of the service' : 'after the extended service');
  const functions = new Map<string, FunctionNode>();
  while (!tokens.accept('}')) {
    const fn = parseFunction(tokens);
    if (functions.has(fn.name.text)) {
      throw tokens.error(
        fn.name.at,
        'duplicate-name',
        `the service "${name.text}" already has a function named "${fn.name.text}"`,
      );
    }
    functions.set(fn.name.text, fn);
  }
  return {
    kind: 'service',
    name,
    ...(base === undefined ? {} : { extends: base }),
    functions: [...functions.values()],
    ...parsePlacedAnnotations(tokens),
  };
}

function parseBaseName(tokens: TokenStream): NameNode {
  const { text, at } = tokens.expectKind('identifier', 'the name of the service to extend');
  return { text, at };
}

function parseFunction(tokens: TokenStream): FunctionNode {
  const { doc } = tokens.peek();
  // `async` is the original spelling of `oneway`.
  const oneway = tokens.accept('oneway') || tokens.accept('async');
  const resultAt = tokens.peek().at;
  const returns = tokens.accept('void') ? undefined : parseType(tokens, 'a function or "}"');
  const name = parseName(tokens, 'the name of the function');
  tokens.expect('(', 'after the name of the function');
  const params = parseFields(tokens, ')');
  const throwsAt = tokens.peek().at;
  const throws = parseThrows(tokens);
  if (oneway) checkOneway(tokens, name, { returns, resultAt, throws, throwsAt });
  const annotated = parsePlacedAnnotations(tokens);
  tokens.acceptSeparator();
  return {
    name,
    oneway,
    ...(returns === undefined ? {} : { returns }),
    params,
    throws,
    ...annotated,
    ...(doc === undefined ? {} : { doc }),
  };
}

function parseThrows(tokens: TokenStream): FunctionNode['throws'] {
  if (!tokens.accept('throws')) return [];
  tokens.expect('(', 'after "throws"');
  return parseFields(tokens, ')');
}

interface Outcome {
  readonly returns: TypeNode | undefined;
  readonly resultAt: number;
  readonly throws: FunctionNode['throws'];
  readonly throwsAt: number;
}

/**
 * Rejects a result or exception that the caller can never receive. Apache's compiler only warns
 * about the result and rejects `throws`.
 */
function checkOneway(tokens: TokenStream, name: NameNode, outcome: Outcome): void {
  if (outcome.returns !== undefined) {
    throw tokens.error(
      outcome.resultAt,
      'bad-oneway',
      `the oneway function "${name.text}" must return void: nobody waits for its result`,
    );
  }
  if (outcome.throws.length > 0) {
    throw tokens.error(
      outcome.throwsAt,
      'bad-oneway',
      `the oneway function "${name.text}" cannot throw: nobody waits for its result`,
    );
  }
}
