import fc from 'fast-check';
import { IdlError } from '#lib/idl/errors.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';

interface Field {
  readonly id: number;
  readonly name: string;
  readonly requiredness: '' | 'optional ' | 'required ';
  readonly type: string;
  readonly value: string;
}

/** One text of each version; '' where there is none. */
type Two<T> = readonly [before: T, after: T];

const BASE = [
  'i32',
  'i32',
  'i64',
  'bool',
  'string',
  'binary',
  'E',
  'list<i32>',
  'set<i32>',
  'list<E>',
  'map<string, binary>',
  'map<E, i64>',
];

/** Something that often stays as it is, sometimes changes in one respect, and sometimes is only in one version. */
function changing<T extends object>(random: fc.Arbitrary<T>): fc.Arbitrary<Two<T | undefined>> {
  return fc
    .record({
      before: random,
      other: random,
      key: fc.nat(),
      fate: fc.constantFrom('same', 'same', 'same', 'changed', 'changed', 'gone', 'fresh'),
    })
    .map(({ before, other, key, fate }) => {
      const keys = Object.keys(before) as (keyof T)[];
      const changed = keys[key % keys.length]!;
      if (fate === 'same') return [before, before];
      if (fate === 'changed') return [before, { ...before, [changed]: other[changed] }];
      return fate === 'gone' ? [before, undefined] : [undefined, before];
    });
}

/** The fields of a struct, with a few ids and names, so that these are used again. */
function fields(types: readonly string[], ids: number): fc.Arbitrary<Two<readonly Field[]>> {
  const field: fc.Arbitrary<Field> = fc.record({
    id: fc.integer({ min: 1, max: ids }),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    requiredness: fc.constantFrom<Field['requiredness'][]>('', 'optional ', 'required '),
    type: fc.constantFrom(...types),
    value: fc.constantFrom('', '', ' = 1', ' = 2'),
  });
  return fc
    .array(changing(field), { minLength: 1, maxLength: ids })
    .map((both) => [0, 1].map((version) => both.flatMap((two) => two[version] ?? [])) as unknown as Two<Field[]>);
}

function structText(kind: string, name: string, list: readonly Field[]): string {
  // Of one id or name the first stays. Structs are optional, so that none needs itself.
  const kept = list.filter(
    (field, at) => !list.slice(0, at).some(({ id, name: other }) => id === field.id || other === field.name),
  );
  const lines = kept.map(({ id, name: own, requiredness, type, value }) => {
    const plain = type === 'i32' || type === 'i64';
    const whether = kind === 'union' || /^[STU]$/.test(type) ? 'optional ' : requiredness;
    return `  ${id}: ${whether}${type} ${own}${plain && kind !== 'union' ? value : ''}`;
  });
  return `${kind} ${name} {\n${lines.join('\n')}\n}`;
}

const members: fc.Arbitrary<Two<string>> = fc
  .array(changing(fc.record({ name: fc.constantFrom('A', 'B', 'C', 'D'), number: fc.integer({ min: 0, max: 4 }) })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((both) => {
    const text = (version: 0 | 1): string => {
      const values = new Map(
        both.flatMap((two) => (two[version] ? [[two[version].name, two[version].number] as const] : [])),
      );
      return `enum E { ${[...values].map(([name, number]) => `${name} = ${number}`).join(', ')} }`;
    };
    return [text(0), text(1)];
  });

const kinds: fc.Arbitrary<Two<string>> = fc.constantFrom<Two<string>[]>(
  ['union', 'union'],
  ['union', 'union'],
  ['union', 'union'],
  ['struct', 'union'],
  ['union', 'struct'],
);

/** The texts of two versions of an IDL in which some things are as they were. */
export function randomPairs(): fc.Arbitrary<Two<string>> {
  return fc
    .record({
      enums: members,
      kinds,
      s: fields([...BASE, 'S', 'T', 'U', 'list<T>', 'map<string, U>', 'set<list<U>>'], 4),
      t: fields([...BASE, 'list<S>'], 2),
      u: fields([...BASE, 'T', 'list<U>'], 3),
    })
    .map(({ enums, kinds: kind, s, t, u }) => {
      const text = (version: 0 | 1): string =>
        [
          enums[version],
          structText('struct', 'T', t[version]),
          structText(kind[version], 'U', u[version]),
          structText('struct', 'S', s[version]),
          'service Q { oneway void run(1: S s) }',
        ].join('\n');
      return [text(0), text(1)] as const;
    })
    .filter((texts) => texts.every(isWritable));
}

/** True if the text is valid IDL and every union has a member, so that values exist. */
function isWritable(text: string): boolean {
  try {
    loadSchemaFromText(text);
    return !/union \w+ \{\n*\}/.test(text) && !/enum E \{\s*\}/.test(text);
  } catch (error) {
    if (error instanceof IdlError) return false;
    throw error;
  }
}
