import type { ThriftType } from '../../idl/schema.js';
import { meet, addFinding, type Comparing } from './comparing.js';
import { EFFECTS, type SchemaLocation } from './finding.js';
import { typeText, wireText } from './type-text.js';

/**
 * Compares the types of one field in both versions, down to the elements and structs inside.
 *
 * @param keep advice to follow instead of changing the field
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
    // Empty containers pass, but no program sends only empty containers.
    return addFinding(comparing, at, EFFECTS.breaksBoth, {
      rule: 'type-changed',
      change: `the type was ${from} and is ${to}: each version rejects messages of the other version`,
      advice: keep,
    });
  }
  const pairs = [...leaves(before, after, at.path)];
  compareText(comparing, at, pairs, keep);
  if (pairs.some(([old, now]) => (old.kind === 'enum') !== (now.kind === 'enum'))) {
    addFinding(comparing, at, EFFECTS.none, {
      rule: 'enum-or-integer',
      change: `the type was ${from} and is ${to}: the same number on the wire`,
      advice: 'check that handlers of both versions know the numbers',
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

/** Yields the innermost types of two types with the same containers. */
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

/**
 * Compares text with bytes. Bytes that are read as text must be UTF-8. Text that is read as bytes
 * stays the same, except in the JSON protocol, which writes bytes in base64.
 */
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
