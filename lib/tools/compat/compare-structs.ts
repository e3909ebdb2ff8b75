import { fileOf } from '../../idl/find-service.js';
import type { FieldSchema, StructSchema } from '../../idl/schema.js';
import { compareField, reportAdded, reportMoved, reportRemoved } from './compare-fields.js';
import { type Comparing, type Pair, pairOf, addFinding, type StructPair } from './comparing.js';
import type { SchemaLocation, Severity } from './finding.js';

/**
 * Compares a struct, union or exception of both versions. The wire carries no names of structs or
 * files, so only contents count.
 */
export function compareStructs(comparing: Comparing, { path, before: beforeId, after: afterId }: Pair): void {
  const before = comparing.before.structs.get(beforeId)!;
  const after = comparing.after.structs.get(afterId)!;
  const pair = pairOf(before, after, {
    before: { place: before.name, path, file: fileOf(comparing.before, before) },
    after: { place: after.name, path, file: fileOf(comparing.after, after) },
  });
  if (pair.kind === 'mixed') compareKinds(comparing, pair);
  compareFields(comparing, pair);
}

/** Compares fields. The wire identifies fields by id; names show the intention of a change. */
export function compareFields(comparing: Comparing, pair: StructPair): void {
  const { before, after, kind, locations } = pair;
  const newIds = new Map(after.fields.map((field) => [field.id, field]));
  const newNames = new Map(after.fields.map((field) => [field.name, field]));
  const oldIds = new Set(before.fields.map(({ id }) => id));
  const oldNames = new Set(before.fields.map(({ name }) => name));
  for (const old of before.fields) {
    const now = newIds.get(old.id);
    const moved = newNames.get(old.name);
    if (now !== undefined) {
      const reused = now.name !== old.name && (moved !== undefined || oldNames.has(now.name));
      compareField(comparing, fieldLocation(locations.after, now), pair, { old, now, reused });
    } else if (moved !== undefined) {
      reportMoved(comparing, fieldLocation(locations.after, moved), pair, { old, now: moved });
    } else if (kind !== 'mixed') {
      reportRemoved(comparing, fieldLocation(locations.before, old), pair, old);
    }
  }
  if (kind === 'mixed') return;
  const added = after.fields.filter(({ id, name }) => !oldIds.has(id) && !oldNames.has(name));
  for (const now of added) reportAdded(comparing, fieldLocation(locations.after, now), pair, now);
}

function fieldLocation({ place, path, file }: SchemaLocation, { name }: FieldSchema): SchemaLocation {
  return { place: `${place}.${name}`, path: `${path}.${name}`, file };
}

/**
 * Compares a struct with the union that replaced it, or the reverse. Both look the same on the
 * wire, but a union has exactly one field.
 */
function compareKinds(comparing: Comparing, { before, after, locations }: StructPair): void {
  const oldToNew = passes(before, after);
  const newToOld = passes(after, before);
  const union = after.kind === 'union' ? 'new' : 'old';
  const sides = [oldToNew === 'breaking' && 'new', newToOld === 'breaking' && 'old'].filter(Boolean);
  const why = sides
    .map(
      (side) =>
        `${side} consumers reject ${side === union ? 'messages without exactly one field' : 'messages without a required field'}`,
    )
    .join(', ');
  addFinding(
    comparing,
    locations.after,
    { oldToNew, newToOld },
    {
      rule: 'struct-or-union',
      change: `the ${before.kind} became a ${after.kind}: ${why || 'each version reads messages of the other version'}`,
      advice: `keep the ${before.kind}, and use a field of a new type with a new id instead`,
    },
  );
}

/** Rates the messages of a writer if the writer or the reader has a union. */
function passes(writer: StructSchema, reader: StructSchema): Severity {
  if (reader.kind === 'union') {
    const members = writer.fields.filter(({ id }) => reader.fields.some((field) => field.id === id));
    return members.length === 1 && members[0]!.requiredness === 'required' ? 'ok' : 'breaking';
  }
  const [only, second] = writer.fields;
  const required = reader.fields.filter(({ requiredness }) => requiredness === 'required');
  return required.every(({ id }) => second === undefined && id === only?.id) ? 'ok' : 'breaking';
}
