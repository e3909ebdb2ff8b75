import { isDeepStrictEqual } from 'node:util';
import type { FieldSchema } from '../../idl/schema.js';
import { compareTypes } from './compare-types.js';
import { type Comparing, type FieldPair, addFinding, type StructPair, UNTIL_DRAINED } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';
import { defaultText, typeText, wireText } from './type-text.js';

/** Two fields of one id; `reused` if their names tell that they are not the same one. */
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
      change: `it was ${old.name}: the same on the wire, and programs see the name of their version`,
      advice: 'see that it means the same; if it does not, give the new one a new id',
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
    wireText(old.type) === wireText(now.type) ? 'takes the one for the other' : 'rejects what the other one wrote';
  return `the id ${old.id} was ${before} and is ${after}: either version ${fate}`;
}

function compareRequiredness(comparing: Comparing, at: SchemaLocation, { old, now }: FieldPair): void {
  if (old.requiredness === now.requiredness) return;
  if (now.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule: 'became-required',
      change: 'it is required now: new consumers reject queued messages in which it was not set',
      advice: `leave it ${old.requiredness === 'optional' ? 'optional' : 'without "required"'}, and let handlers check it`,
    });
  }
  if (old.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.careNew, {
      rule: 'no-longer-required',
      change: 'it is no longer required: old consumers reject messages in which it is not set',
      advice: 'go on setting it until all consumers are new',
    });
  }
  addFinding(comparing, at, EFFECTS.none, {
    rule: 'requiredness-changed',
    change: `it is ${now.requiredness === 'optional' ? 'optional now' : 'no longer marked optional'}: the same on the wire`,
    advice:
      'generators of some languages write a field without "optional" even if nobody has set it: let handlers expect both',
  });
}

/** A field that may be left out is read as the default that the reader knows. */
function compareDefaults(comparing: Comparing, at: SchemaLocation, { old, now }: FieldPair): void {
  if (old.requiredness === 'required' || now.requiredness === 'required') return;
  if (isDeepStrictEqual(old.defaultValue, now.defaultValue)) return;
  const before = defaultText(comparing.before, old.type, old.defaultValue);
  const after = defaultText(comparing.after, now.type, now.defaultValue);
  addFinding(comparing, at, EFFECTS.careBoth, {
    rule: 'default-changed',
    change: `the default was ${before} and is ${after}: a message without it means the one to old consumers and the other to new ones`,
    advice: 'let producers set it as long as both versions run, or keep the default',
  });
}

/** A field with the name of one that had another id. */
export function reportMoved(
  comparing: Comparing,
  at: SchemaLocation,
  { kind }: StructPair,
  { old, now }: FieldPair,
): void {
  const fate = kind === 'union' ? 'rejects a message that holds it' : 'passes over what the other one wrote';
  addFinding(comparing, at, EFFECTS.breaksBoth, {
    rule: 'field-id-changed',
    change: `its id was ${old.id} and is ${now.id}: either version ${fate}`,
    advice: `give it the id ${old.id} again; ids are what the wire knows, while names and order are free`,
  });
}

/** A field whose id and name are gone. */
export function reportRemoved(comparing: Comparing, at: SchemaLocation, { kind }: StructPair, old: FieldSchema): void {
  const rule = 'field-removed';
  const never = `never use the id ${old.id} again`;
  if (kind === 'union') {
    const written = `${old.id}: ${typeText(comparing.before, old.type)} ${old.name}`;
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the member is gone: new consumers reject queued messages that hold it',
      advice: `keep ${written}, deprecated, ${UNTIL_DRAINED}; after that ${never}`,
    });
  }
  if (old.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksNew, {
      rule,
      change: 'the required field is gone: old consumers reject every message of new producers',
      advice: `drop "required" first and go on setting it, and remove it once all consumers have that; ${never}`,
    });
  }
  if (old.requiredness === 'default' && old.defaultValue === undefined) {
    return addFinding(comparing, at, EFFECTS.careNew, {
      rule,
      change: 'it is gone: old consumers, who may count on it, get nothing from new producers',
      advice: `go on setting it until all consumers are new; ${never}`,
    });
  }
  const fallback = defaultText(comparing.before, old.type, old.defaultValue);
  addFinding(comparing, at, EFFECTS.none, {
    rule,
    change: `it is gone: new consumers pass over it, old ones read ${fallback}`,
    advice: never,
  });
}

/** A field whose id and name are new. */
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
      change: 'the member is new: old consumers reject messages that hold it',
      advice: 'roll out consumers before producers send it',
    });
  }
  if (now.requiredness === 'required') {
    return addFinding(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the new field is required: new consumers reject queued messages, which do not have it',
      advice: parameter ? 'drop "required"' : 'make it optional',
    });
  }
  if (now.requiredness === 'default' && now.defaultValue === undefined) {
    return addFinding(comparing, at, EFFECTS.careOld, {
      rule,
      change: 'it is new and has no default: new consumers get nothing from queued messages',
      advice: `${parameter ? 'give it a default' : 'make it optional, or give it a default'}; handlers must do without it`,
    });
  }
  const fallback = defaultText(comparing.after, now.type, now.defaultValue);
  addFinding(comparing, at, EFFECTS.none, {
    rule,
    change: `it is new: old consumers pass over it, new ones read ${fallback} from queued messages`,
    advice: 'handlers must do without it',
  });
}
