import type { FieldSchema } from '../idl/schema.js';
import { report, UNTIL_DRAINED, type Comparing } from './comparing.js';
import { EFFECTS, type Place } from './finding.js';
import type { FieldPair, StructPair } from './struct-pair.js';
import { defaultText, typeText } from './type-text.js';

/** A field with the name of one that had another id. */
export function reportMoved(comparing: Comparing, at: Place, { kind }: StructPair, { old, now }: FieldPair): void {
  const fate = kind === 'union' ? 'rejects a message that holds it' : 'passes over what the other one wrote';
  report(comparing, at, EFFECTS.breaksBoth, {
    rule: 'field-id-changed',
    change: `its id was ${old.id} and is ${now.id}: either version ${fate}`,
    advice: `give it the id ${old.id} again; ids are what the wire knows, while names and order are free`,
  });
}

/** A field whose id and name are gone. */
export function reportRemoved(comparing: Comparing, at: Place, { kind }: StructPair, old: FieldSchema): void {
  const rule = 'field-removed';
  const never = `never use the id ${old.id} again`;
  if (kind === 'union') {
    const written = `${old.id}: ${typeText(comparing.before, old.type)} ${old.name}`;
    return report(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the member is gone: new consumers reject queued messages that hold it',
      advice: `keep ${written}, deprecated, ${UNTIL_DRAINED}; after that ${never}`,
    });
  }
  if (old.requiredness === 'required') {
    return report(comparing, at, EFFECTS.breaksNew, {
      rule,
      change: 'the required field is gone: old consumers reject every message of new producers',
      advice: `drop "required" first and go on setting it, and remove it once all consumers have that; ${never}`,
    });
  }
  if (old.requiredness === 'default' && old.defaultValue === undefined) {
    return report(comparing, at, EFFECTS.careNew, {
      rule,
      change: 'it is gone: old consumers, who may count on it, get nothing from new producers',
      advice: `go on setting it until all consumers are new; ${never}`,
    });
  }
  const fallback = defaultText(comparing.before, old.type, old.defaultValue);
  report(comparing, at, EFFECTS.none, {
    rule,
    change: `it is gone: new consumers pass over it, old ones read ${fallback}`,
    advice: never,
  });
}

/** A field whose id and name are new. */
export function reportAdded(comparing: Comparing, at: Place, { kind, after }: StructPair, now: FieldSchema): void {
  const rule = 'field-added';
  const parameter = after.kind === 'args';
  if (kind === 'union') {
    return report(comparing, at, EFFECTS.careNew, {
      rule,
      change: 'the member is new: old consumers reject messages that hold it',
      advice: 'roll out consumers before producers send it',
    });
  }
  if (now.requiredness === 'required') {
    return report(comparing, at, EFFECTS.breaksOld, {
      rule,
      change: 'the new field is required: new consumers reject queued messages, which do not have it',
      advice: parameter ? 'drop "required"' : 'make it optional',
    });
  }
  if (now.requiredness === 'default' && now.defaultValue === undefined) {
    return report(comparing, at, EFFECTS.careOld, {
      rule,
      change: 'it is new and has no default: new consumers get nothing from queued messages',
      advice: `${parameter ? 'give it a default' : 'make it optional, or give it a default'}; handlers must do without it`,
    });
  }
  const fallback = defaultText(comparing.after, now.type, now.defaultValue);
  report(comparing, at, EFFECTS.none, {
    rule,
    change: `it is new: old consumers pass over it, new ones read ${fallback} from queued messages`,
    advice: 'handlers must do without it',
  });
}
