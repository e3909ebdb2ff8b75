import type { ThriftType } from '../../idl/schema.js';
import { meet, addFinding, type Comparing } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';
import { typeText, wireText } from './type-text.js';

/**
 * The type of one field in both versions, down to what its elements and structs hold.
 *
 * @param keep what to do instead of changing the field
 */
export function compareTypes(
  comparing: Comparing,
  at: SchemaLocation,
  before: ThriftType,
  after: ThriftType,
  keep: string,
): void {
  const from = typeText(comparing.before, before);
  const to = typeText(comparing.after, after);
  if (wireText(before) !== wireText(after)) {
    // Containers without elements pass, but no program sends those alone.
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'type-changed',
      change: `the type was ${from} and is ${to}: either version rejects what the other one wrote`,
      advice: keep,
    });
  }
  const pairs = [...leaves(before, after, at.path)];
  compareText(comparing, at, pairs, keep);
  if (pairs.some(([old, now]) => (old.kind === 'enum') !== (now.kind === 'enum'))) {
    addFinding(comparing, at, EFFECTS.none, {
      rule: 'enum-or-integer',
      change: `the type was ${from} and is ${to}: the same number on the wire`,
      advice: 'see that handlers of both versions know the numbers',
    });
  }
  for (const [old, now, path] of pairs) {
    if (old.kind === 'struct' && now.kind === 'struct') {
      meet(comparing, { kind: 'struct', path, before: old.id, after: now.id });
    } else if (old.kind === 'enum' && now.kind === 'enum') {
      meet(comparing, { kind: 'enum', path, before: old.id, after: now.id });
    }
  }
}

type Leaf = readonly [before: ThriftType, after: ThriftType, path: string];

/** The innermost types of two types that have the same containers. */
function* leaves(before: ThriftType, after: ThriftType, path: string): Generator<Leaf> {
  if (before.kind === 'map' && after.kind === 'map') {
    yield* leaves(before.key, after.key, `${path}[key]`);
    yield* leaves(before.value, after.value, `${path}[value]`);
  } else if ('element' in before && 'element' in after) {
    yield* leaves(before.element, after.element, `${path}[]`);
  } else {
    yield [before, after, path];
  }
}

/** Bytes read as text have to be UTF-8; text read as bytes is what it was, but in the JSON protocol, which writes bytes in base64. */
function compareText(comparing: Comparing, at: SchemaLocation, pairs: readonly Leaf[], keep: string): void {
  const toBytes = pairs.some(([old, now]) => old.kind === 'string' && now.kind === 'binary');
  const toText = pairs.some(([old, now]) => old.kind === 'binary' && now.kind === 'string');
  if (!toBytes && !toText) return;
  const reader = toText ? (toBytes ? 'either version' : 'new consumers') : 'old consumers';
  addFinding(
    comparing,
    at,
    { oldToNew: toText ? 'breaking' : 'warning', newToOld: toBytes ? 'breaking' : 'warning' },
    {
      rule: 'text-or-bytes',
      change:
        `${toText ? 'bytes became text' : 'text became bytes'}: ${reader} reject bytes that are not UTF-8, ` +
        'and the JSON protocol writes bytes in base64, which neither version expects of the other',
      advice: keep,
    },
  );
}
