import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareSchemas } from '../../../lib/tools/compat/compare-schemas.js';
import { worst, type Finding, type Severity } from '../../../lib/tools/compat/finding.js';
import { findService } from '../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import type { Schema, ThriftService } from '../../../lib/idl/schema.js';
import { schemasOf } from './pair.js';
import { PAIRS } from './pairs/all.js';
import { randomPairs } from './random-pairs.js';
import { tryMessages, type EntryResult } from './try-messages.js';

/**
 * Lists rules that do not show in the bytes of a call, or need a consumer of several services. They
 * have their own tests.
 */
const BESIDE_THE_BYTES: ReadonlySet<Finding['rule']> = new Set([
  'queue-changed',
  'group-changed',
  'dedup-changed',
  'delay-changed',
  'method-ambiguous',
]);

/**
 * Tries the messages of the compared services of one version with consumers of the other version.
 */
function outcomes(writers: Schema, readers: Schema, compared: ReadonlySet<string>): ReadonlySet<EntryResult> {
  const [senders, receivers] = [writers, readers].map((schema) =>
    [...schema.services.keys()].map((id) => findService(schema, id)),
  ) as [ThriftService[], ThriftService[]];
  const found = senders.flatMap((sender) => {
    if (!compared.has(sender.name)) return [];
    const namesake = receivers.find(({ name }) => name === sender.name);
    return [...tryMessages(sender, namesake ? [namesake] : receivers)];
  });
  return new Set(found);
}

/** Holds a verdict against what happened to messages. */
function prove(severity: Severity, seen: ReadonlySet<EntryResult>): void {
  const harmed = seen.has('rejected') || seen.has('lost');
  if (severity === 'breaking') expect({ harmed, seen }).toEqual({ harmed: true, seen });
  // What is breaking and what a warning is no matter of bytes: it depends on whether people can avoid it.
  if (severity === 'warning') expect({ noticed: harmed || seen.has('filled'), seen }).toEqual({ noticed: true, seen });
  if (severity === 'ok') expect([...seen].filter((outcome) => outcome !== 'kept')).toEqual([]);
}

/** Proves the verdicts of both directions, and returns them. */
function proveBothWays(before: Schema, after: Schema): readonly Severity[] {
  const { findings, methods } = compareSchemas(before, after);
  const compared = new Set(methods.map((method) => method.split('.')[0]!));
  const inBytes = findings.filter(({ rule }) => !BESIDE_THE_BYTES.has(rule));
  const verdicts = [
    worst(...inBytes.map(({ oldToNew }) => oldToNew)),
    worst(...inBytes.map(({ newToOld }) => newToOld)),
  ] as const;
  prove(verdicts[0], outcomes(before, after, compared));
  prove(verdicts[1], outcomes(after, before, compared));
  return verdicts;
}

describe.each(Object.entries(PAIRS))('real messages under a change of %s', (_, pairs) => {
  it.each(pairs)('confirms with messages the reported compatibility of $name', (pair) => {
    const { before, after } = schemasOf(pair);
    proveBothWays(before, after);
  });
});

describe('real messages under random changes', () => {
  it('confirms with messages the reported compatibility of random schema pairs', () => {
    const verdicts: Record<Severity, number> = { breaking: 0, warning: 0, ok: 0 };
    fc.assert(
      fc.property(randomPairs(), ([old, now]) => {
        for (const severity of proveBothWays(loadSchemaFromText(old), loadSchemaFromText(now))) verdicts[severity] += 1;
      }),
      { numRuns: 150, seed: 14 },
    );
    // All three have been put to the test.
    expect(Math.min(...Object.values(verdicts))).toBeGreaterThan(10);
  });
});
