import { isDeepStrictEqual } from 'node:util';
import { compareTypes } from './compare-types.js';
import { report, type Comparing } from './comparing.js';
import { EFFECTS, type Place } from './finding.js';
import type { FieldPair, StructPair } from './struct-pair.js';
import { defaultText, typeText, wireText } from './type-text.js';

/** Two fields of one id; `reused` if their names tell that they are not the same one. */
export function compareField(
  comparing: Comparing,
  at: Place,
  pair: StructPair,
  fields: FieldPair & { readonly reused: boolean },
): void {
  const { old, now, reused } = fields;
  const keep = `keep ${old.id}: ${typeText(comparing.before, old.type)} ${old.name}, deprecated, and add a field with a new id, such as ${pair.freeId}`;
  const renamed = old.name !== now.name;
  if (reused || (renamed && wireText(old.type) !== wireText(now.type))) {
    return report(comparing, at, EFFECTS.breaksBoth, {
      rule: 'field-id-reused',
      change: reusedText(comparing, fields),
      advice: keep,
    });
  }
  if (renamed) {
    report(comparing, at, EFFECTS.none, {
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

function compareRequiredness(comparing: Comparing, at: Place, { old, now }: FieldPair): void {
  if (old.requiredness === now.requiredness) return;
  if (now.requiredness === 'required') {
    return report(comparing, at, EFFECTS.breaksOld, {
      rule: 'became-required',
      change: 'it is required now: new consumers reject queued messages in which it was not set',
      advice: `leave it ${old.requiredness === 'optional' ? 'optional' : 'without "required"'}, and let handlers check it`,
    });
  }
  if (old.requiredness === 'required') {
    return report(comparing, at, EFFECTS.careNew, {
      rule: 'no-longer-required',
      change: 'it is no longer required: old consumers reject messages in which it is not set',
      advice: 'go on setting it until all consumers are new',
    });
  }
  report(comparing, at, EFFECTS.none, {
    rule: 'requiredness-changed',
    change: `it is ${now.requiredness === 'optional' ? 'optional now' : 'no longer marked optional'}: the same on the wire`,
    advice:
      'generators of some languages write a field without "optional" even if nobody has set it: let handlers expect both',
  });
}

/** A field that may be left out is read as the default that the reader knows. */
function compareDefaults(comparing: Comparing, at: Place, { old, now }: FieldPair): void {
  if (old.requiredness === 'required' || now.requiredness === 'required') return;
  if (isDeepStrictEqual(old.defaultValue, now.defaultValue)) return;
  const before = defaultText(comparing.before, old.type, old.defaultValue);
  const after = defaultText(comparing.after, now.type, now.defaultValue);
  report(comparing, at, EFFECTS.careBoth, {
    rule: 'default-changed',
    change: `the default was ${before} and is ${after}: a message without it means the one to old consumers and the other to new ones`,
    advice: 'let producers set it as long as both versions run, or keep the default',
  });
}
