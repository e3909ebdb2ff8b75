import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { structOf } from './harness.js';

const IDL = (type: string): string => `
  enum Color { RED = 1, GREEN = 2 }
  struct Point { 1: i32 x }
  struct S { 1: ${type} v }
`;

/** Type, what may be given, and what it is read back as. */
const ROWS: readonly [type: string, given: unknown, read: unknown][] = [
  ['i64', 5, 5n],
  ['i64', -5, -5n],
  ['i64', Number.MAX_SAFE_INTEGER, 9007199254740991n],
  ['i64', Number.MIN_SAFE_INTEGER, -9007199254740991n],
  ['i64', -4294967297, -4294967297n],
  ['i64', -0, 0n],
  ['i64', new thrift.Int64(5), 5n],
  ['i64', new thrift.Int64('ffffffffffffff85'), -123n],
  ['i64', new thrift.Int64(Buffer.from('ff0000000000000007ff', 'hex'), 1), 7n],
  ['i64', { buffer: new Uint8Array([0, 0, 0, 0, 0, 0, 1, 0]), offset: 0 }, 256n],
  ['binary', new Uint8Array([1, 2]), Buffer.from([1, 2])],
  ['uuid', 'ABCDEF00-0000-F000-0000-000000000001', 'abcdef00-0000-f000-0000-000000000001'],
  ['Color', 'GREEN', 2],
  ['Color', 9, 9],
  ['set<i32>', [3, 1, 3], new Set([3, 1])],
  ['set<Color>', ['RED'], new Set([1])],
  ['map<string,i32>', { a: 1, b: 2 }, new Map([['a', 1], ['b', 2]])], // prettier-ignore
  ['map<string,i32>', [['a', 1], ['b', 2]], new Map([['a', 1], ['b', 2]])], // prettier-ignore
  ['map<string,i32>', Object.assign(Object.create(null), { a: 1 }), new Map([['a', 1]])],
  ['map<i32,string>', { 1: 'x', '-2': 'y' }, new Map([[1, 'x'], [-2, 'y']])], // prettier-ignore
  ['map<i64,string>', { '-9223372036854775808': 'x' }, new Map([[-9223372036854775808n, 'x']])],
  ['map<double,i8>', { '0.5': 1, Infinity: 2 }, new Map([[0.5, 1], [Infinity, 2]])], // prettier-ignore
  ['map<bool,i8>', { true: 1, false: 0 }, new Map([[true, 1], [false, 0]])], // prettier-ignore
  ['map<Color,i8>', { RED: 1, 2: 2, '-3': 3 }, new Map([[2, 2], [1, 1], [-3, 3]])], // prettier-ignore
  [
    'map<uuid,i8>',
    { '00000000-0000-0000-0000-00000000000A': 1 },
    new Map([['00000000-0000-0000-0000-00000000000a', 1]]),
  ],
  ['map<Point,i8>', new Map([[{ x: 1 }, 2]]), new Map([[{ x: 1 }, 2]])],
  ['map<binary,i8>', [[Buffer.from('k'), 1]], new Map([[Buffer.from('k'), 1]])],
  ['list<Point>', [new (class Sized { x = 4; })()], [{ x: 4 }]], // prettier-ignore
];

describe('values that are accepted in more than one form', () => {
  it.each(ROWS)('encodes an accepted value of type %s and decodes its canonical form', (type, given, read) => {
    const codec = structOf(IDL(type));
    expect(codec.decode(codec.encode({ v: given }))).toEqual({ v: read });
  });

  it('encodes fields from the getters of a class', () => {
    class Lazy {
      get v(): number {
        return 42;
      }
    }
    expect(structOf(IDL('i32')).hex(new Lazy())).toBe('0800010000002a00');
  });

  it('omits null, undefined and undeclared keys from the encoded struct', () => {
    const codec = structOf('struct S { 1: i32 a, 2: optional i32 b, 3: i32 c }', 'S', { unknownFields: 'ignore' });
    expect(codec.hex({ a: null, b: undefined, d: 5 })).toBe('00');
    expect(structOf('struct S { 1: i32 a, 2: optional i32 b }').hex({ a: null, b: undefined })).toBe('00');
  });
});

describe("the option i64: 'number'", () => {
  const codec = structOf('struct S { 1: i64 v, 2: map<i64,list<i64>> m, 3: i64 d = 7 }', 'S', { i64: 'number' });

  it('decodes every i64 as a number, in containers and defaults too', () => {
    const value = { v: -4294967297, m: new Map([[9007199254740991, [-9007199254740991, 0]]]) };
    expect(codec.decode(codec.encode(value))).toEqual({ ...value, d: 7 });
  });

  it.each([9007199254740992n, -9007199254740992n, 9223372036854775807n, -9223372036854775808n])(
    'refuses to decode the i64 %s as a number',
    (v) => {
      const bytes = codec.encode({ v });
      expect(() => codec.decode(bytes)).toThrow(
        expect.objectContaining({ reason: 'limit-exceeded', limit: 'i64', path: 'v' }),
      );
    },
  );

  it('refuses to compile an i64 default that does not fit a number', () => {
    expect(() => structOf('struct S { 1: i64 v = 9007199254740993 }', 'S', { i64: 'number' })).toThrow(TypeError);
  });
});
