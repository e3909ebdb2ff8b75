import { describe, expect, it } from '@jest/globals';
import { compact, structOf } from '../harness.js';

const DECLARATIONS = `
  enum Color { RED = 1, GREEN = 2 }
  struct Point { 1: i32 x, 2: i32 y }
  union Shape { 1: i32 radius, 2: Point corner }
`;

/** Type, value, and the field: its header (step 1, type code), then the value. The struct has a stop behind it. */
const ROWS: readonly [type: string, value: unknown, bytes: string][] = [
  ['bool', true, '11'],
  ['bool', false, '12'],
  ['i8', 0, '13 00'],
  ['i8', 127, '13 7f'],
  ['i8', -128, '13 80'],
  ['i16', 0, '14 00'],
  ['i16', -1, '14 01'],
  ['i16', 1, '14 02'],
  ['i16', 63, '14 7e'],
  ['i16', -64, '14 7f'],
  ['i16', 64, '14 8001'],
  ['i16', 32767, '14 feff03'],
  ['i16', -32768, '14 ffff03'],
  ['i32', 1, '15 02'],
  ['i32', 50399, '15 be9306'],
  ['i32', 2147483647, '15 feffffff0f'],
  ['i32', -2147483648, '15 ffffffff0f'],
  ['i64', 0n, '16 00'],
  ['i64', -1n, '16 01'],
  ['i64', 63n, '16 7e'],
  ['i64', 134217727n, '16 feffff7f'],
  ['i64', 134217728n, '16 8080808001'],
  ['i64', 2147483647n, '16 feffffff0f'],
  ['i64', 2147483648n, '16 8080808010'],
  ['i64', -2147483648n, '16 ffffffff0f'],
  ['i64', -2147483649n, '16 8180808010'],
  ['i64', 9007199254740991n, '16 feffffffffffff1f'],
  ['i64', 9223372036854775807n, '16 feffffffffffffffff01'],
  ['i64', -9223372036854775808n, '16 ffffffffffffffffff01'],
  ['double', 0, '17 0000000000000000'],
  ['double', -0, '17 0000000000000080'],
  ['double', 1.5, '17 000000000000f83f'],
  ['double', 2 ** -31, '17 000000000000003e'],
  ['double', Infinity, '17 000000000000f07f'],
  ['double', -Infinity, '17 000000000000f0ff'],
  ['double', NaN, '17 000000000000f87f'],
  ['double', 5e-324, '17 0100000000000000'],
  ['string', '', '18 00'],
  ['string', 'é', '18 02 c3a9'],
  ['string', '𝄞', '18 04 f09d849e'],
  ['binary', Buffer.alloc(0), '18 00'],
  ['binary', Buffer.from('ff00', 'hex'), '18 02 ff00'],
  ['uuid', '00112233-4455-6677-8899-aabbccddeeff', '1d 00112233445566778899aabbccddeeff'],
  ['Color', 2, '15 04'],
  ['Color', -77, '15 9901'],
  // size and element code in one byte up to 14 elements
  ['list<i32>', [], '19 05'],
  ['list<i32>', [1, -1], '19 25 02 01'],
  ['list<i8>', Array.from({ length: 14 }, () => 7), `19 e3 ${'07'.repeat(14)}`],
  ['list<i8>', Array.from({ length: 15 }, () => 7), `19 f30f ${'07'.repeat(15)}`],
  ['list<i8>', Array.from({ length: 300 }, () => 7), `19 f3ac02 ${'07'.repeat(300)}`],
  ['list<bool>', [true, false, true], '19 31 01 02 01'],
  ['list<list<i8>>', [[1], []], '19 29 13 01 03'],
  ['list<uuid>', ['ffffffff-ffff-ffff-ffff-ffffffffffff'], `19 1d ${'ff'.repeat(16)}`],
  ['list<double>', [1.5], '19 17 000000000000f83f'],
  ['list<i64>', [-1n, 64n], '19 26 01 8001'],
  ['set<string>', new Set(['a', 'b']), '1a 28 01 61 01 62'],
  ['set<bool>', new Set([false]), '1a 11 02'],
  // size, then the codes of key and value in one byte; an empty map is its size alone
  ['map<string,i32>', new Map(), '1b 00'],
  ['map<string,i32>', new Map([['k', 1]]), '1b 01 85 01 6b 02'],
  ['map<bool,list<i8>>', new Map([[true, [7]]]), '1b 01 19 01 13 07'],
  ['map<uuid,bool>', new Map([['00000000-0000-0000-0000-000000000000', false]]), `1b 01 d1 ${'00'.repeat(16)} 02`],
  ['map<i8,i8>', new Map(Array.from({ length: 128 }, (_, i) => [i, i])), `1b 8001 33 ${Buffer.from(Array.from({ length: 256 }, (_, i) => i >> 1)).toString('hex')}`], // prettier-ignore
  ['Point', { x: 1, y: 2 }, '1c 15 02 15 04 00'],
  ['Point', { x: undefined, y: 2 }, '1c 25 04 00'],
  ['Shape', { radius: 3 }, '1c 15 06 00'],
  ['Shape', { corner: { x: 4, y: undefined } }, '1c 2c 15 08 00 00'],
  ['list<Point>', [{ x: undefined, y: 5 }], '19 1c 25 0a 00'],
];

describe('values in the compact protocol', () => {
  for (const [type, value, bytes] of ROWS) {
    it(`writes and reads ${type} as ${bytes.slice(0, 60)}`, () => {
      const codec = structOf(`${DECLARATIONS} struct S { 1: ${type} v }`, 'S', { protocol: 'compact' });
      expect(codec.hex({ v: value })).toBe(compact(`${bytes} 00`));
      expect(codec.decode(`${bytes} 00`)).toEqual({ v: value });
    });
  }

  it('decodes -0 as -0', () => {
    const codec = structOf('struct S { 1: double v }', 'S', { protocol: 'compact' });
    expect((codec.decode('17 0000000000000080 00') as { v: number }).v).toBe(-0);
  });

  it.each([1, 12, 42, 43, 127, 128, 5461, 16383, 16384, 70_000])(
    'reads back ASCII and non-ASCII strings of %d characters',
    (length) => {
      const codec = structOf('struct S { 1: string a, 2: string b, 3: string c }', 'S', { protocol: 'compact' });
      const value = { a: 'x'.repeat(length), b: '€'.repeat(length), c: `${'y'.repeat(length - 1)}é` };
      expect(codec.decode(codec.encode(value))).toEqual(value);
    },
  );
});

describe('field headers', () => {
  /** The fields that are written, and their headers: step and code in one byte, or the code and the id behind it. */
  const ROWS_OF_IDS: readonly [fields: string, present: readonly string[], hex: string][] = [
    ['1: i8 a', ['a'], '13 07'],
    ['15: i8 a', ['a'], 'f3 07'],
    ['16: i8 a', ['a'], '03 20 07'],
    ['32767: i8 a', ['a'], '03 feff03 07'],
    ['i8 a', ['a'], '03 01 07'],
    ['i8 a, i8 b', ['a', 'b'], '03 03 07 13 07'],
    ['i8 a, 1: i8 b', ['a', 'b'], '03 01 07 23 07'],
    ['20: i8 a, 3: i8 b', ['a', 'b'], '33 07 03 28 07'],
    ['1: i8 a, 2: i8 b, 17: i8 c', ['a', 'b', 'c'], '13 07 13 07 f3 07'],
    ['1: i8 a, 2: i8 b, 17: i8 c', ['a', 'c'], '13 07 03 22 07'],
    ['1: i8 a, 2: i8 b, 17: i8 c', ['b', 'c'], '23 07 f3 07'],
    ['1: i8 a, 2: i8 b, 17: i8 c', ['c'], '03 22 07'],
    ['1: required i8 a, 2: i8 b, 3: i8 c', ['a', 'c'], '13 07 23 07'],
    ['1: i8 a, 10: required i8 b, 16: i8 c, 26: i8 d', ['b', 'd'], 'a3 07 03 34 07'],
    ['1: i8 a, 10: required i8 b, 16: i8 c, 26: i8 d', ['b', 'c', 'd'], 'a3 07 63 07 a3 07'],
    ['1: bool a, 30: bool b, 31: bool c', ['a', 'b', 'c'], '11 01 3c 11'],
    ['1: bool a, 30: bool b, 31: bool c', ['c'], '01 3e'],
    ['1: list<i8> a, 2: i8 b', ['a', 'b'], '19 13 07 13 07'],
  ];
  it.each(ROWS_OF_IDS)('writes and reads the field headers of %s: %j', (fields, present, hex) => {
    const value: Record<string, unknown> = {};
    for (const name of present)
      value[name] = fields.includes(`bool ${name}`) ? true : fields.includes(`list<i8> ${name}`) ? [7] : 7;
    const codec = structOf(`struct S { ${fields} }`, 'S', { protocol: 'compact' });
    expect(codec.hex(value)).toBe(compact(`${hex} 00`));
    expect(codec.decode(`${hex} 00`)).toEqual(value);
  });

  it('reads short and long field headers whatever the step between ids', () => {
    const codec = structOf('struct S { 1: i8 a, 2: bool b, 32767: i8 z }', 'S', { protocol: 'compact' });
    expect(codec.decode('03 02 07 01 04 03 feff03 08 00')).toEqual({ a: 7, b: true, z: 8 });
    expect(codec.decode('03 e0ff03 07 f3 08 00')).toEqual({ a: undefined, b: undefined, z: 8 });
  });
});

describe('bools in containers', () => {
  const codec = structOf('struct S { 1: list<bool> l, 2: set<bool> s, 3: map<bool,bool> m }', 'S', {
    protocol: 'compact',
  });
  it.each([
    ['element code 1', '19 31 01 02 01 00', { l: [true, false, true] }],
    ['element code 2', '19 32 01 02 01 00', { l: [true, false, true] }],
    ['0 for false', '19 31 01 00 01 00', { l: [true, false, true] }],
    ['set, code 2', '2a 12 01 00', { s: new Set([true]) }],
    ['map, codes 1 and 2', '3b 01 12 01 00 00', { m: new Map([[true, false]]) }],
    ['map, codes 2 and 1', '3b 01 21 02 01 00', { m: new Map([[false, true]]) }],
  ])('decodes bools in a container: %s', (_name, hex, value) => {
    expect(codec.decode(hex)).toEqual(value);
  });
});
