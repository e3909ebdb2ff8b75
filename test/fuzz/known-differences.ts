import type { ProtocolName } from '#lib/thrift/protocol.js';
import type { OurOutcome } from './our-outcome.js';
import type { PythonOutcome } from './python-outcomes.js';

/** One way in which this library and Apache's Python library may differ. `id` is its heading in known-differences.md. */
export interface KnownDifference {
  readonly id: string;
  /** The protocols it occurs in; all when absent. */
  readonly protocols?: readonly string[];
  /** Who refuses; `values` when both accept and read other values. */
  readonly refusedBy: 'us' | 'python' | 'values';
  /** Matches the error of this library: `reason: message`. */
  readonly ours?: RegExp;
  /** Matches Python's error. */
  readonly python?: RegExp;
  /** One of these notes must have been made. */
  readonly notes?: readonly string[];
}

/** Integers and field ids are as wide as they come. */
const WITHOUT_WIDTH = ['compact', 'json'];

/** All rules; each is as narrow as the cause it stands for. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    id: 'field-type',
    refusedBy: 'us',
    ours: /^type-mismatch: .*expected (?!elements|keys|values)/,
    notes: ['field-type'],
  },
  {
    id: 'element-type',
    refusedBy: 'us',
    ours: /^type-mismatch: .*(expected (elements|keys|values)|elements of a type|a value of compact type)/,
    notes: ['element-type'],
  },
  { id: 'element-size', refusedBy: 'us', ours: /^truncated: .*bytes needed/, notes: ['element-type'] },
  { id: 'duplicate-field', refusedBy: 'us', ours: /^type-mismatch: .*occurs twice/, notes: ['duplicate-field'] },
  {
    id: 'union-members',
    refusedBy: 'us',
    ours: /^type-mismatch: .*(a second member|has no member)/,
    notes: ['union-members', 'duplicate-field'],
  },
  { id: 'missing-required', refusedBy: 'us', ours: /^missing-required: /, notes: ['missing-required'] },
  { id: 'message-type', refusedBy: 'us', ours: /^wrong-message-type: /, notes: ['message-type'] },
  { id: 'elements', refusedBy: 'us', ours: /^limit-exceeded: .*\(limits\.elements\)/, notes: ['elements'] },
  { id: 'skipped-text', refusedBy: 'python', python: /^UnicodeDecodeError/, notes: ['unknown-field'] },
  { id: 'double-key', refusedBy: 'values', notes: ['double-key'] },
  {
    id: 'integer-range',
    refusedBy: 'us',
    protocols: WITHOUT_WIDTH,
    ours: /more than \d+ bits|out of its range/,
    notes: ['integer-range'],
  },
  {
    id: 'padded-varint',
    refusedBy: 'us',
    protocols: ['compact'],
    ours: /more than \d+ bits/,
    notes: ['padded-varint'],
  },
  { id: 'field-id', refusedBy: 'us', protocols: WITHOUT_WIDTH, notes: ['field-id'] },
  {
    id: 'json-number',
    refusedBy: 'us',
    protocols: ['json'],
    ours: /leading zero|found other JSON|an integer/,
    notes: ['json-number'],
  },
  {
    id: 'json-escape',
    refusedBy: 'us',
    protocols: ['json'],
    ours: /an escape that JSON does not have/,
    notes: ['json-escape'],
  },
  { id: 'json-base64', refusedBy: 'us', protocols: ['json'], ours: /not base64/, notes: ['json-base64'] },
  { id: 'json-uuid', refusedBy: 'us', protocols: ['json'], ours: /expected uuid/, notes: ['json-uuid'] },
  {
    id: 'json-quoted-double',
    refusedBy: 'us',
    protocols: ['json'],
    ours: /found other JSON/,
    notes: ['json-quoted-double'],
  },
  { id: 'json-bool', refusedBy: 'us', protocols: ['json'], ours: /expected bool/, notes: ['json-bool'] },
  {
    id: 'json-double-range',
    refusedBy: 'us',
    protocols: ['json'],
    ours: /expected double.*out of its range/,
    notes: ['json-double-range'],
  },
  { id: 'negative-size', refusedBy: 'us', protocols: ['json'], ours: /negative size/, notes: ['negative-size'] },
  { id: 'json-blanks', refusedBy: 'python', protocols: ['json'], notes: ['json-blanks'] },
];

/** Compares two outcomes on the same bytes: `same`, the id of a known difference, or undefined. */
export function explain(protocol: ProtocolName, ours: OurOutcome, python: PythonOutcome): string | undefined {
  if (!ours.ok && !python.ok) return 'same';
  if (ours.ok && python.ok && JSON.stringify(ours.calls) === JSON.stringify(python.calls)) return 'same';
  const refusedBy = refuserOf(ours, python);
  const said = ours.ok ? '' : `${ours.reason}: ${ours.message}`;
  return KNOWN_DIFFERENCES.find(
    (rule) =>
      rule.refusedBy === refusedBy &&
      (rule.protocols?.includes(protocol) ?? true) &&
      (rule.ours?.test(said) ?? true) &&
      matchesPython(rule, python),
  )?.id;
}

function refuserOf(ours: OurOutcome, python: PythonOutcome): KnownDifference['refusedBy'] {
  if (!ours.ok) return 'us';
  return python.ok ? 'values' : 'python';
}

function matchesPython(rule: KnownDifference, { error = '', notes }: PythonOutcome): boolean {
  return (rule.python?.test(error) ?? true) && (rule.notes?.some((note) => notes.includes(note)) ?? true);
}
