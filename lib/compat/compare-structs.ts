import { fileOf } from '../idl/find-service.js';
import type { FieldSchema } from '../idl/schema.js';
import { compareField } from './compare-field.js';
import { compareKinds } from './compare-kinds.js';
import type { Comparing, Pair } from './comparing.js';
import { reportAdded, reportMoved, reportRemoved } from './field-changes.js';
import type { Place } from './finding.js';
import { pairOf, type StructPair } from './struct-pair.js';

/** A struct, union or exception in both versions. Names of structs and of files are not on the wire, so only contents count. */
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

/** Fields go by their ids on the wire; names tell what was meant by a change. */
export function compareFields(comparing: Comparing, pair: StructPair): void {
  const { before, after, kind, places } = pair;
  const newIds = new Map(after.fields.map((field) => [field.id, field]));
  const newNames = new Map(after.fields.map((field) => [field.name, field]));
  const oldIds = new Set(before.fields.map(({ id }) => id));
  const oldNames = new Set(before.fields.map(({ name }) => name));
  for (const old of before.fields) {
    const now = newIds.get(old.id);
    const moved = newNames.get(old.name);
    if (now !== undefined) {
      const reused = now.name !== old.name && (moved !== undefined || oldNames.has(now.name));
      compareField(comparing, fieldPlace(places.after, now), pair, { old, now, reused });
    } else if (moved !== undefined) {
      reportMoved(comparing, fieldPlace(places.after, moved), pair, { old, now: moved });
    } else if (kind !== 'mixed') {
      reportRemoved(comparing, fieldPlace(places.before, old), pair, old);
    }
  }
  if (kind === 'mixed') return;
  const added = after.fields.filter(({ id, name }) => !oldIds.has(id) && !oldNames.has(name));
  for (const now of added) reportAdded(comparing, fieldPlace(places.after, now), pair, now);
}

function fieldPlace({ place, path, file }: Place, { name }: FieldSchema): Place {
  return { place: `${place}.${name}`, path: `${path}.${name}`, file };
}
