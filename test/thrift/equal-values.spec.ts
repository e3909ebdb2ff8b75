import { describe, expect, it } from '@jest/globals';
import { codecError, PROTOCOLS, structOf } from './harness.js';

const IDL = `
  enum Color { RED = 0, BLUE = 1, AZURE = 1 }
  struct P { 1: i32 x }
`;
const int64 = (value: number): object => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(value));
  return { buffer, offset: 0 };
};
const UUID = '00112233-4455-6677-8899-aabbccddeeff';

/** Values of a type in several spellings, of which the first `different` are different. */
const SPELLINGS: readonly [type: string, different: readonly unknown[], again: readonly unknown[]][] = [
  ['Color', ['RED', 'BLUE', 7], [0, 'AZURE', 1, 'RED']],
  ['i64', [1n, 2n, -(2n ** 62n)], [1, int64(1), 2, 1n]],
  ['i64', [1, 2, 3], [1n, int64(3)]],
  ['uuid', [UUID, UUID.replace('0', 'f')], [UUID.toUpperCase()]],
  ['binary', [Buffer.from('a'), Buffer.from('')], [Buffer.from('a'), new Uint8Array([97])]],
  ['P', [{ x: 1 }, {}], [{ x: 1 }, { x: undefined }]],
  ['list<i32>', [[1], [2, 3]], [[1], [2, 3]]],
  ['set<Color>', [['RED'], ['BLUE']], [[0], ['AZURE', 1]]],
  ['double', [0, 0.5], [-0]],
  ['string', ['a', 'b'], ['a']],
  ['i32', [1, 2], [2]],
];

/** Spreads the repeated values among the others. */
function mixed(different: readonly unknown[], again: readonly unknown[]): unknown[] {
  return [different[0], ...again.slice(0, 1), ...different.slice(1), ...again.slice(1)];
}

describe.each(PROTOCOLS)('equal values in %s', (protocol) => {
  it.each(SPELLINGS)('are one element of a set of %s', (type, different, again) => {
    const codec = structOf(`${IDL} struct S { 1: set<${type}> v, 2: i32 after }`, 'S', { protocol });
    const once = codec.encode({ v: different, after: 5 });
    expect((codec.decode(once) as { v: Set<unknown> }).v.size).toBe(different.length);
    for (const v of [mixed(different, again), new Set(mixed(different, again))]) {
      expect(codec.decode(codec.encode({ v, after: 5 }))).toEqual(codec.decode(once));
    }
  });

  it.each(SPELLINGS)('are refused as keys of a map of %s', (type, different, again) => {
    const codec = structOf(`${IDL} struct S { 1: map<${type}, i32> v }`, 'S', { protocol });
    const pairs = (keys: readonly unknown[]): unknown[] => keys.map((key, i) => [key, i]);
    expect((codec.decode(codec.encode({ v: pairs(different) })) as { v: Map<unknown, unknown> }).v.size).toBe(
      different.length,
    );
    for (const repeated of again) {
      const error = codecError(() => codec.encode({ v: pairs([...different, repeated]) }));
      expect(error).toMatchObject({ reason: 'duplicate-key', path: `v[key ${different.length}]` });
      expect(error.detail).toMatch(/^the same key as \[key \d\]$/);
    }
  });

  it('keep the values behind a set that got shorter', () => {
    const codec = structOf(`${IDL} struct S { 1: list<set<P>> v, 2: string after }`, 'S', { protocol });
    const many = Array.from({ length: 40 }, (_, i) => ({ x: i % 10 }));
    const ten = Array.from({ length: 10 }, (_, x) => ({ x }));
    expect(codec.encode({ v: [many, [], many], after: 'z' })).toEqual(codec.encode({ v: [ten, [], ten], after: 'z' }));
  });
});
