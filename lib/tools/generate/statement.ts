/**
 * Writes a statement with its documentation. Prettier leaves the statement unchanged, except that
 * it removes the semicolon with the option `semi: false`.
 */
export function statement(doc: string | undefined, code: readonly string[]): string[] {
  return ['// prettier-ignore', ...docLines(doc), ...code];
}

/** Writes a block: `open`, the lines and `close`. Without lines the block is a single line. */
export function block(open: string, lines: readonly string[], close = '}'): string[] {
  return lines.length === 0 ? [open + close] : [open, ...lines, close];
}

/** Writes a doc comment of the IDL as lines of TypeScript; none without a comment. */
export function docLines(doc: string | undefined, indent = ''): string[] {
  if (doc === undefined) return [];
  // The text must not end the comment, and no line may be a directive to the TypeScript compiler.
  const lines = doc
    .replaceAll('*/', '*\\/')
    .replace(/@(?=ts-)/g, '\\@')
    .split(/\r?\n|[\u2028\u2029]/);
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
