import type { Annotations } from './schema.js';
import type { TokenStream } from './token-stream.js';

/**
 * Annotations in parentheses, if there are any. A key without a value means `"1"`; of a key given twice the last value stays.
 */
export function parseAnnotations(tokens: TokenStream): Annotations {
  const entries: [string, string][] = [];
  if (tokens.accept('(')) {
    while (!tokens.accept(')')) {
      const key = tokens.expectKind('identifier', 'an annotation or ")"').text;
      const value = tokens.accept('=')
        ? tokens.expectKind('string', 'the value of the annotation, a string').value
        : '1';
      entries.push([key, value]);
      tokens.acceptSeparator();
    }
  }
  // fromEntries makes own properties of whatever the keys are, `__proto__` included.
  return Object.fromEntries(entries);
}
