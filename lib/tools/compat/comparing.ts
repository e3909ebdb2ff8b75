import type { FieldSchema, Schema, StructSchema } from '../../idl/schema.js';
import { type Effects, type Finding, type SchemaLocation, type Rule, worst } from './finding.js';

/**
 * Pairs the ids of a struct or an enum in both versions, with one path to it:
 * `BackupQueue.startBackup.request`.
 */
export interface Pair {
  readonly kind: 'struct' | 'enum';
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Holds the state of a comparison of two versions. */
export interface Comparing {
  readonly before: Schema;
  readonly after: Schema;
  /** Findings so far. */
  readonly findings: Finding[];
  /** Pairs that remain to be compared. */
  readonly waiting: Pair[];
  /**
   * Keys of all pairs so far. Each pair is compared once, so the comparison of recursive structs
   * ends.
   */
  readonly met: Set<string>;
}

export function startComparing(before: Schema, after: Schema): Comparing {
  return { before, after, findings: [], waiting: [], met: new Set() };
}

/** Schedules a pair for comparison, once. */
export function meet({ met, waiting }: Comparing, pair: Pair): void {
  const key = `${pair.before} ${pair.after}`;
  if (met.has(key)) return;
  met.add(key);
  waiting.push(pair);
}

/** Describes a change without its location and effect. */
export interface Change {
  readonly rule: Rule;
  readonly change: string;
  readonly advice: string;
}

/** Adds a finding. */
export function addFinding(
  { findings }: Comparing,
  at: SchemaLocation,
  { oldToNew, newToOld }: Effects,
  told: Change,
): void {
  const { place, path, file } = at;
  const { rule, change, advice } = told;
  findings.push({ rule, severity: worst(oldToNew, newToOld), oldToNew, newToOld, place, path, file, change, advice });
}

/** States for how long an old declaration must be kept. */
export const UNTIL_DRAINED =
  'until the last old producer is gone and no queue or dead-letter queue holds a message with it (SQS keeps messages for up to 14 days)';

/** Pairs two versions of one struct, union, exception or parameter list. */
export interface StructPair {
  readonly before: StructSchema;
  readonly after: StructSchema;
  /** `union` if both are unions, `mixed` if one of them is a union. */
  readonly kind: 'struct' | 'union' | 'mixed';
  readonly locations: { readonly before: SchemaLocation; readonly after: SchemaLocation };
  /** An id that neither version has used. */
  readonly freeId: number;
}

export interface FieldPair {
  readonly old: FieldSchema;
  readonly now: FieldSchema;
}

export function pairOf(before: StructSchema, after: StructSchema, locations: StructPair['locations']): StructPair {
  const unions = [before, after].filter(({ kind }) => kind === 'union').length;
  const fields = [...before.fields, ...after.fields];
  return {
    before,
    after,
    kind: unions === 0 ? 'struct' : unions === 2 ? 'union' : 'mixed',
    locations,
    freeId: 1 + fields.reduce((highest, { id }) => Math.max(highest, id), 0),
  };
}
