import { isDeepStrictEqual } from 'node:util';
import type { FieldSchema } from '../../idl/schema.js';
import { compareTypes } from './compare-types.js';
import { type Comparing, type FieldPair, addFinding, type StructPair, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';
import { defaultText, typeText, wireText } from './type-text.js';

/**
 * Compares two fields with the same id. `reused` is true if their names show that they are
 * different fields.
 */
export function compareField(
  comparing: Comparing,
  at: SchemaLocation,
  pair: StructPair,
  fields: FieldPair & { readonly reused: boolean },
): void {
  const { old, now, reused } = fields;
  const keep = `keep ${old.id}: ${typeText(comparing.before, old.type)} ${old.name}, deprecated, and add a field with a new id, such as ${pair.freeId}`;
  const renamed = old.name !== now.name;
  if (reused || (renamed && wireText(old.type) !== wireText(now.type))) {
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'field-id-reused',
      change: reusedText(comparing, fields),
      advice: keep,
    });
  }
  if (renamed) {
    addFinding(comparing, at, EFFECTS.none, {
      rule: 'field-renamed',
      change: `the name was ${old.name}: nothing changes on the wire, and programs see the name of their version`,
      advice: 'check that both names mean the same; otherwise give the new field a new id',
    });
  }
  if (pair.kind === 'struct') {
    compareRequiredness(comparing, at, fields);
    compareDefaults(comparing, at, fields);
  }
  compareTypes(comparing, at, old.type, now.type, keep);
}

function reusedText(comparing: Comparing, { old, now }: FieldPair): string {
  const before = `${typeText(comparing.before, old.type)} ${old.name}`;
  const after = `${typeText(comparing.after, now.type)} ${now.name}`;
  const fate =
    wireText(old.type) === wireText(now.type)
      ? 'reads one field as the other'
      : 'rejects messages of the other version';
  return `the id ${old.id} was ${before} and is ${after}: each version ${fate}`;
}

function compareRequiredness(comparing: Comparing, at: SchemaLocation, { old, now }: FieldPair): void {
  if (old.requiredness === now.requiredness) return;
  if (now.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'became-required',
      change: 'the field is required now: new consumers reject queued messages without it',
      advice: `leave the field ${old.requiredness === 'optional' ? 'optional' : 'without "required"'}, and let handlers check it`,
    });
  }
  if (old.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.careNew, {
      rule: 'no-longer-required',
      change: 'the field is no longer required: old consumers reject messages without it',
      advice: 'keep setting the field until all consumers are new',
    });
  }
  addFinding(comparing, at, EFFECTS.none, {
    rule: 'requiredness-changed',
    change: `the field is ${now.requiredness === 'optional' ? 'optional now' : 'no longer marked optional'}: nothing changes on the wire`,
    advice:
      'generators of some languages write a field without "optional" even if no program has set it: let handlers expect both',
  });
}

/**
 * Compares the defaults of a field. A reader replaces an absent field by the default that the
 * reader knows.
 */
function compareDefaults(comparing: Comparing, at: SchemaLocation, { old, now }: FieldPair): void {
  if (old.requiredness === 'required' || now.requiredness === 'required') return;
  if (isDeepStrictEqual(old.defaultValue, now.defaultValue)) return;
  const before = defaultText(comparing.before, old.type, old.defaultValue);
  const after = defaultText(comparing.after, now.type, now.defaultValue);
  addFinding(comparing, at, EFFECTS.careBoth, {
    rule: 'default-changed',
    change: `the default was ${before} and is ${after}: a message without the field means ${before} to old consumers and ${after} to new consumers`,
    advice: 'let producers set the field while both versions run, or keep the default',
  });
}

/** Reports a field that kept its name and changed its id. */
export function reportMoved(
  comparing: Comparing,
  at: SchemaLocation,
  { kind }: StructPair,
  { old, now }: FieldPair,
): void {
  const fate =
    kind === 'union' ? 'rejects messages with this member' : 'ignores the field in messages of the other version';
  addFinding(comparing, at, EFFECTS.breaksBoth, {
    rule: 'field-id-changed',
    change: `the id was ${old.id} and is ${now.id}: each version ${fate}`,
    advice: `give the field the id ${old.id} again; the wire carries ids, while names and order are free`,
  });
}

/** Reports a field whose id and name are gone. */
export function reportRemoved(comparing: Comparing, at: SchemaLocation, { kind }: StructPair, old: FieldSchema): void {
  const rule = 'field-removed';
  const never = `never use the id ${old.id} again`;
  if (kind === 'union') {
    const written = `${old.id}: ${typeText(comparing.before, old.type)} ${old.name}`;
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the member is gone: new consumers reject queued messages with this member',
      advice: `keep ${written}, deprecated, ${UNTIL_DRAINED}; after that ${never}`,
    });
  }
  if (old.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksNew, {
      rule,
      change: 'the required field is gone: old consumers reject every message of new producers',
      advice: `drop "required" first and keep setting the field, then remove the field once all consumers have that version; ${never}`,
    });
  }
  if (old.requiredness === 'default' && old.defaultValue === undefined) {
    return addFinding(comparing, at, EFFECTS.careNew, {
      rule,
      change: 'the field is gone: old consumers may need it, and get nothing from new producers',
      advice: `keep setting the field until all consumers are new; ${never}`,
    });
  }
  const fallback = defaultText(comparing.before, old.type, old.defaultValue);
  addFinding(comparing, at, EFFECTS.none, {
    rule,
    change: `the field is gone: new consumers skip it, and old consumers read ${fallback}`,
    advice: never,
  });
}

/** Reports a field whose id and name are new. */
export function reportAdded(
  comparing: Comparing,
  at: SchemaLocation,
  { kind, after }: StructPair,
  now: FieldSchema,
): void {
  const rule = 'field-added';
  const parameter = after.kind === 'args';
  if (kind === 'union') {
    return addFinding(comparing, at, EFFECTS.careNew, {
      rule,
      change: 'the member is new: old consumers reject messages with this member',
      advice: 'roll out consumers before producers send the member',
    });
  }
  if (now.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the new field is required: new consumers reject queued messages, which lack the field',
      advice: parameter ? 'drop "required"' : 'make the field optional',
    });
  }
  if (now.requiredness === 'default' && now.defaultValue === undefined) {
    return addFinding(comparing, at, EFFECTS.careOld, {
      rule,
      change: 'the field is new and has no default: new consumers get nothing from queued messages',
      advice: `${parameter ? 'give the parameter a default' : 'make the field optional, or give it a default'}; handlers must work without a value`,
    });
  }
  const fallback = defaultText(comparing.after, now.type, now.defaultValue);
  addFinding(comparing, at, EFFECTS.none, {
    rule,
    change: `the field is new: old consumers skip it, and new consumers read ${fallback} from queued messages`,
    advice: 'handlers must work without a value',
  });
}
