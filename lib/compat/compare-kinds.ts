import type { StructSchema } from '../idl/schema.js';
import { report, type Comparing } from './comparing.js';
import type { Verdict } from './finding.js';
import type { StructPair } from './struct-pair.js';

/** A struct that became a union or the other way round: the same on the wire, but a union has exactly one field. */
export function compareKinds(comparing: Comparing, { before, after, places }: StructPair): void {
  const oldToNew = passes(before, after);
  const newToOld = passes(after, before);
  const union = after.kind === 'union' ? 'new' : 'old';
  const sides = [oldToNew === 'breaking' && 'new', newToOld === 'breaking' && 'old'].filter(Boolean);
  const why = sides
    .map(
      (side) => `${side} consumers reject ${side === union ? 'all but one field of it' : 'what has no required field'}`,
    )
    .join(', ');
  report(
    comparing,
    places.after,
    { oldToNew, newToOld },
    {
      rule: 'struct-or-union',
      change: `the ${before.kind} became a ${after.kind}: ${why || 'what either version writes the other one reads'}`,
      advice: `keep the ${before.kind}, and add a field of a new type with a new id where it is used`,
    },
  );
}

/** What becomes of the messages of a writer, one of the two being a union. */
function passes(writer: StructSchema, reader: StructSchema): Verdict {
  if (reader.kind === 'union') {
    const members = writer.fields.filter(({ id }) => reader.fields.some((field) => field.id === id));
    return members.length === 1 && members[0]!.requiredness === 'required' ? 'ok' : 'breaking';
  }
  const [only, second] = writer.fields;
  const required = reader.fields.filter(({ requiredness }) => requiredness === 'required');
  return required.every(({ id }) => second === undefined && id === only?.id) ? 'ok' : 'breaking';
}
