import { describe, expect, it } from '@jest/globals';
import { compareSchemas } from '../../../lib/tools/compat/compare-schemas.js';
import { SEVERITIES, worst, type Finding } from '../../../lib/tools/compat/finding.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { schemasOf } from './pair.js';
import { PAIRS } from './pairs/all.js';

/** A finding as the tables have it. */
function short({ oldToNew, newToOld, rule, place }: Finding): string {
  return `${oldToNew === newToOld ? oldToNew : `${oldToNew}, ${newToOld}`}: ${rule} ${place}`;
}

describe.each(Object.entries(PAIRS))('compareSchemas for a change of %s', (_, pairs) => {
  it.each(pairs)('returns the expected findings for $name', (pair) => {
    const { before, after } = schemasOf(pair);
    const { findings } = compareSchemas(before, after);
    expect(findings.map(short)).toEqual(pair.found);
    for (const { severity, oldToNew, newToOld } of findings) expect(severity).toBe(worst(oldToNew, newToOld));
  });
});

describe('the table of schema pairs', () => {
  const all = Object.values(PAIRS).flat();

  it('contains a schema pair for every compatibility rule', () => {
    const rules = all.flatMap(({ found }) => found.map((line) => /: (\S+) /.exec(line)![1]));
    expect([...new Set(rules)].sort()).toEqual(
      [
        'became-required', 'dedup-changed', 'default-changed', 'delay-changed', 'enum-or-integer', 'enum-value-added',
        'enum-value-removed', 'enum-value-renamed', 'enum-value-renumbered', 'field-added', 'field-id-changed', 'field-id-reused',
        'field-removed', 'field-renamed', 'group-changed', 'method-added', 'method-ambiguous', 'method-not-oneway', 'method-removed',
        'no-longer-required', 'queue-changed', 'requiredness-changed', 'service-added', 'service-removed', 'service-renamed',
        'struct-or-union', 'text-or-bytes', 'type-changed',
      ] satisfies Finding['rule'][],
    ); // prettier-ignore
  });

  it.each(all)('finds no change between a schema and itself: $name', (pair) => {
    const { before, after } = schemasOf(pair);
    expect(compareSchemas(before, before).findings).toEqual([]);
    expect(compareSchemas(after, after).findings).toEqual([]);
  });
});

describe('the findings of compareSchemas', () => {
  const compare = (old: string, now: string, service?: string) =>
    compareSchemas(
      loadSchemaFromText(old, { fileName: 'old/q.thrift', includes: { 'old/t.thrift': 'struct T { 1: i32 x }' } }),
      loadSchemaFromText(now, { fileName: 'new/q.thrift', includes: { 'new/t.thrift': 'struct T { 1: i64 x }' } }),
      { service },
    );

  it('reports the place, the path and the file of a change', () => {
    const text = `include "t.thrift"
      struct S { 1: list<map<t.T, i32>> all }
      service Q { oneway void run(1: S s) }`;
    expect(compare(text, text).findings).toEqual([
      {
        rule: 'type-changed',
        severity: 'breaking',
        oldToNew: 'breaking',
        newToOld: 'breaking',
        place: 'T.x',
        path: 'Q.run.s.all[][key].x',
        file: 'new/t.thrift',
        change: 'the type was i32 and is i64: each version rejects messages of the other version',
        advice: 'keep 1: i32 x, deprecated, and add a field with a new id, such as 2',
      },
    ]);
  });

  it('names the old file for a definition that only the old version has', () => {
    const { findings } = compare(
      'struct S { 1: required i32 a } service Q { oneway void run(1: S s), oneway void stop() }',
      'struct S { } service Q { oneway void run(1: S s) }',
    );
    expect(findings.map(({ place, file }) => [place, file])).toEqual([
      ['Q.stop', 'old/q.thrift'],
      ['S.a', 'old/q.thrift'],
    ]);
  });

  it('suggests the new name of a renamed method', () => {
    const { findings } = compare(
      'service Q { oneway void run(1: i32 a) }',
      'service Q { oneway void start(1: i32 a), oneway void other(1: i32 b) }',
    );
    expect(findings[0]?.change).toMatch(/; if start is its new name, keep both$/);
  });

  it('sorts findings by severity, worst first', () => {
    const { before, after } = schemasOf(PAIRS['types']!.at(-1)!);
    expect(compareSchemas(before, after).findings).toHaveLength(1);
    const mixed = compare(
      'struct S { 1: i32 a, 2: i32 b, 3: i32 c } service Q { oneway void run(1: S s) oneway void gone() }',
      'struct S { 1: i32 x, 2: i64 b, 3: i32 c = 1 } service Q { oneway void run(1: S s) oneway void fresh() }',
    ).findings.map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(mixed).toEqual([0, 0, 1, 1, 2]);
  });

  it('restricts findings to the given service', () => {
    const old = 'service Q { oneway void run(1: i32 a) } service R { oneway void go(1: i32 a) }';
    const now = 'service Q { oneway void run(1: i64 a) } service T { oneway void go(1: i64 a) }';
    const found = (service?: string) => {
      const { findings, methods } = compare(old, now, service);
      return { places: findings.map(({ place }) => place), methods };
    };
    expect(found()).toEqual({ places: ['Q.run.a', 'T', 'T.go.a'], methods: ['Q.run', 'R.go', 'T.go'] });
    expect(found('Q')).toEqual({ places: ['Q.run.a'], methods: ['Q.run'] });
    expect(found('R')).toEqual({ places: ['T', 'T.go.a'], methods: ['R.go', 'T.go'] });
    expect(found('Nothing')).toEqual({ places: [], methods: [] });
  });
});
