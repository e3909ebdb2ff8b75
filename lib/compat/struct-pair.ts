import type { FieldSchema, StructSchema } from '../idl/schema.js';
import type { Place } from './finding.js';

/** Two versions of one struct, union, exception or parameter list. */
export interface StructPair {
  readonly before: StructSchema;
  readonly after: StructSchema;
  /** Whether neither is a union, both are, or one of them. */
  readonly kind: 'struct' | 'union' | 'mixed';
  readonly places: { readonly before: Place; readonly after: Place };
  /** An id that neither version has used. */
  readonly freeId: number;
}

/** Two versions of one field. */
export interface FieldPair {
  readonly old: FieldSchema;
  readonly now: FieldSchema;
}

export function pairOf(before: StructSchema, after: StructSchema, places: StructPair['places']): StructPair {
  const unions = [before, after].filter(({ kind }) => kind === 'union').length;
  const fields = [...before.fields, ...after.fields];
  return {
    before,
    after,
    kind: unions === 0 ? 'struct' : unions === 2 ? 'union' : 'mixed',
    places,
    freeId: 1 + fields.reduce((highest, { id }) => Math.max(highest, id), 0),
  };
}
