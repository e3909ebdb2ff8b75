/** A doc comment of the IDL as lines of TypeScript; none for no comment. */
export function docLines(doc: string | undefined, indent = ''): string[] {
  if (doc === undefined) return [];
  // Neither may the text end the comment, nor may a line of it be a directive to the TypeScript compiler.
  const lines = doc
    .replaceAll('*/', '*\\/')
    .replace(/@(?=ts-)/g, '\\@')
    .split(/\r?\n|[\u2028\u2029]/);
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}
