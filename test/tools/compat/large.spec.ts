import { describe, expect, it } from '@jest/globals';
import { compareSchemas } from '../../../lib/tools/compat/compare-schemas.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import type { EnumSchema, Schema, StructSchema } from '../../../lib/idl/schema.js';

const COUNT = 400;
const list = (one: (at: number) => string): string => Array.from({ length: COUNT }, (_, at) => one(at)).join(', ');
const load = (idl: string): Schema =>
  loadSchemaFromText(`${idl} service S { oneway void m(1: T a) }`, { fileName: 'large.thrift' });

/** Counts the accesses to parts of `of` whose cost grows with its size. */
function counted<T extends object>(of: T, isLarge: (key: string | symbol) => boolean): [T, () => number] {
  let asked = 0;
  const watched = new Proxy(of, {
    get(target, key) {
      if (isLarge(key)) asked += 1;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return [watched, () => asked];
}

/** A schema with another one of its structs or enums. */
const having = (schema: Schema, part: Partial<Pick<Schema, 'structs' | 'enums'>>): Schema => ({ ...schema, ...part });

describe('comparing large schemas', () => {
  it('scans the values of a large enum a constant number of times', () => {
    const before = load(`enum E { ${list((at) => `V${at}`)} } struct T { 1: E a }`);
    const after = load(`enum E { ${list((at) => `W${at}`)} } struct T { 1: E a }`);
    const declared = after.enums.get('large.E')!;
    const [values, asked] = counted(declared.values, (key) => typeof key === 'symbol');
    const enums = new Map<string, EnumSchema>([['large.E', { ...declared, values }]]);
    const { findings } = compareSchemas(before, having(after, { enums }));
    expect(findings.map(({ rule }) => rule)).toEqual(Array(COUNT).fill('enum-value-renamed'));
    expect(asked()).toBeLessThan(10);
  });

  it('lists only the first ten names of an enum number that has many names', () => {
    const before = load('enum E { A = 1, B = 2 } struct T { 1: E a }');
    const after = load(`enum E { B = 1, ${list((at) => `W${at} = 1`)} } struct T { 1: E a }`);
    const { findings } = compareSchemas(before, after);
    const [renumbered] = findings.filter(({ rule }) => rule === 'enum-value-renumbered');
    expect(renumbered!.change).toMatch(/^the number changed from 2 \(now without a name\) to 1/);
    const back = compareSchemas(after, before).findings.find(({ place }) => place === 'E.B');
    expect(back!.change).toMatch(/^the number changed from 1 \(now A\) to 2/);
    const many = load(`enum E { B = 3, ${list((at) => `W${at} = 2`)} } struct T { 1: E a }`);
    const [told] = compareSchemas(before, many).findings.filter(({ rule }) => rule === 'enum-value-renumbered');
    expect(told!.change).toMatch(/^the number changed from 2 \(now W0, .*, W9 and 390 more\) to 3/);
  });

  it('scans the fields of a large struct a constant number of times', () => {
    const before = load(`struct T { ${list((at) => `${at + 1}: i32 f${at}`)} }`);
    const after = load(`struct T { ${list((at) => `${at + 1}: i64 f${at}`)} }`);
    const [struct, asked] = counted(before.structs.get('large.T')!, (key) => key === 'fields');
    const structs = new Map<string, StructSchema>([...before.structs, ['large.T', struct]]);
    const { findings } = compareSchemas(having(before, { structs }), after);
    expect(findings.map(({ rule }) => rule)).toEqual(Array(COUNT).fill('type-changed'));
    expect(findings[0]!.advice).toMatch(`such as ${COUNT + 1}`);
    expect(asked()).toBeLessThan(10);
  });
});
