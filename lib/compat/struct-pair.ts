import type { FieldSchema, StructSchema } from '../idl/schema.js';
import type { Place } from './finding.js';

/** Two versions of one struct, union, exception or parameter list. */
export interface StructPair {
  readonly before: StructSchema;
  readonly after: StructSchema;
  /** Whether neither is a union, both are, or one of them. */
  readonly kind: 'struct' | 'union' | 'mixed';
  readonly places: { readonly before: Place; readonly after: Place };
}

/** Two versions of one field. */
export interface FieldPair {
  readonly old: FieldSchema;
  readonly now: FieldSchema;
}

export function pairOf(before: StructSchema, after: StructSchema, places: StructPair['places']): StructPair {
  const unions = [before, after].filter(({ kind }) => kind === 'union').length;
  return { before, after, kind: unions === 0 ? 'struct' : unions === 2 ? 'union' : 'mixed', places };
}

/** An id that neither version has used. */
export function freeId({ before, after }: StructPair): number {
  return 1 + Math.max(0, ...[...before.fields, ...after.fields].map(({ id }) => id));
}
