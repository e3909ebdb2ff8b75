import type { AnnotationPlaces } from './ast.js';
import { ROUTING_PREFIX } from './routing.js';
import type { Annotations } from './schema.js';
import type { TokenStream } from './token-stream.js';

/**
 * Annotations in parentheses, if there are any. A key without a value means `"1"`; of a key given twice the last value stays.
 *
 * @throws IdlError `bad-annotation` for one that only a service or a function can have
 */
export function parseAnnotations(tokens: TokenStream): Annotations {
  const { annotations, places } = parsePlacedAnnotations(tokens);
  for (const [key, { at }] of places) {
    if (!key.startsWith(ROUTING_PREFIX)) continue;
    throw tokens.error(at, 'bad-annotation', `"${key}" says nothing here: it goes with a function or a service`);
  }
  return annotations;
}

/** The same of a service or function, with where they stand. */
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
  // fromEntries makes own properties of whatever the keys are, `__proto__` included.
  return { annotations: Object.fromEntries(entries), places };
}
