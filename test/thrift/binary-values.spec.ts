import { describe, expect, it } from '@jest/globals';
import { compact, structOf } from './harness.js';

const DECLARATIONS = `
  enum Color { RED = 1, GREEN = 2 }
  struct Point { 1: i32 x, 2: i32 y }
  union Shape { 1: i32 radius, 2: Point corner }
`;

/** Type, value, and the bytes of the field behind its two bytes of id: tag, then value. The struct is tag, 0001, value, 00. */
const ROWS: readonly [type: string, value: unknown, tag: string, bytes: string][] = [
  ['bool', true, '02', '01'],
  ['bool', false, '02', '00'],
  ['i8', 0, '03', '00'],
  ['i8', 127, '03', '7f'],
  ['i8', -128, '03', '80'],
  ['byte', -1, '03', 'ff'],
  ['i16', 258, '06', '0102'],
  ['i16', 32767, '06', '7fff'],
  ['i16', -32768, '06', '8000'],
  ['i32', 16909060, '08', '01020304'],
  ['i32', 2147483647, '08', '7fffffff'],
  ['i32', -2147483648, '08', '80000000'],
  ['i64', 0n, '0a', '0000000000000000'],
  ['i64', -1n, '0a', 'ffffffffffffffff'],
  ['i64', 72623859790382856n, '0a', '0102030405060708'],
  ['i64', 9223372036854775807n, '0a', '7fffffffffffffff'],
  ['i64', -9223372036854775808n, '0a', '8000000000000000'],
  ['double', 0, '04', '0000000000000000'],
  ['double', -0, '04', '8000000000000000'],
  ['double', 1.5, '04', '3ff8000000000000'],
  ['double', 2 ** -31, '04', '3e00000000000000'],
  ['double', Infinity, '04', '7ff0000000000000'],
  ['double', -Infinity, '04', 'fff0000000000000'],
  ['double', NaN, '04', '7ff8000000000000'],
  ['double', 5e-324, '04', '0000000000000001'],
  ['string', '', '0b', '00000000'],
  ['string', 'ab', '0b', '00000002 6162'],
  ['string', '\u0000', '0b', '00000001 00'],
  ['string', 'é', '0b', '00000002 c3a9'],
  ['string', '€', '0b', '00000003 e282ac'],
  ['string', '𝄞', '0b', '00000004 f09d849e'],
  ['string', '\ufffd', '0b', '00000003 efbfbd'],
  ['string', '\ufeffx', '0b', '00000004 efbbbf78'],
  ['string', 'a string of some length', '0b', '00000017 6120737472696e67206f6620736f6d65206c656e677468'],
  ['binary', Buffer.alloc(0), '0b', '00000000'],
  ['binary', Buffer.from('ff00', 'hex'), '0b', '00000002 ff00'],
  ['uuid', '00112233-4455-6677-8899-aabbccddeeff', '10', '00112233445566778899aabbccddeeff'],
  ['uuid', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '10', 'ffffffffffffffffffffffffffffffff'],
  ['Color', 2, '08', '00000002'],
  ['Color', 77, '08', '0000004d'],
  // element tag, size, elements
  ['list<i32>', [], '0f', '08 00000000'],
  ['list<i32>', [1, -1], '0f', '08 00000002 00000001 ffffffff'],
  ['list<bool>', [true, false, true], '0f', '02 00000003 01 00 01'],
  ['list<list<i8>>', [[1], []], '0f', '0f 00000002 03 00000001 01 03 00000000'],
  ['set<string>', new Set(['a', 'b']), '0e', '0b 00000002 00000001 61 00000001 62'],
  ['set<i64>', new Set([1n]), '0e', '0a 00000001 0000000000000001'],
  // key tag, value tag, size, pairs
  ['map<string,i32>', new Map(), '0d', '0b 08 00000000'],
  ['map<string,i32>', new Map([['k', 1]]), '0d', '0b 08 00000001 00000001 6b 00000001'],
  ['map<bool,list<i8>>', new Map([[true, [7]]]), '0d', '02 0f 00000001 01 03 00000001 07'],
  ['Point', { x: 1, y: 2 }, '0c', '08 0001 00000001 08 0002 00000002 00'],
  ['Point', { x: undefined, y: undefined }, '0c', '00'],
  ['Shape', { radius: 3 }, '0c', '08 0001 00000003 00'],
  ['Shape', { corner: { x: 4, y: undefined } }, '0c', '0c 0002 08 0001 00000004 00 00'],
  ['list<Point>', [{ x: undefined, y: 5 }], '0f', '0c 00000001 08 0002 00000005 00'],
];

describe('values in the binary protocol', () => {
  for (const [type, value, tag, bytes] of ROWS) {
    const hex = `${tag} 0001 ${bytes} 00`;
    it(`writes and reads ${type} as ${hex}`, () => {
      const codec = structOf(`${DECLARATIONS} struct S { 1: ${type} v }`);
      expect(codec.hex({ v: value })).toBe(compact(hex));
      expect(codec.decode(hex)).toEqual({ v: value });
    });
  }

  it('writes fields in the order of their ids, not in the order of declaration', () => {
    const codec = structOf('struct S { 32767: bool a, 1: bool b }');
    expect(codec.hex({ b: true, a: true })).toBe(compact('02 0001 01 02 7fff 01 00'));
    expect(codec.decode('02 0001 01 02 7fff 00 00')).toEqual({ a: false, b: true });
  });

  it('writes and reads a field with a negative id', () => {
    const codec = structOf('struct S { bool a }');
    expect(codec.hex({ a: true })).toBe(compact('02 ffff 01 00'));
    expect(codec.decode('02 ffff 01 00')).toEqual({ a: true });
  });

  it('decodes -0 as -0 and NaN as NaN', () => {
    const codec = structOf('struct S { 1: double v }');
    const read = (hex: string): unknown => (codec.decode(hex) as { v: number }).v;
    expect(read('04 0001 8000000000000000 00')).toBe(-0);
    expect(read('04 0001 7ff8000000000000 00')).toBeNaN();
  });

  it('decodes any byte except 0 as true, as C++ and Python do', () => {
    const codec = structOf('struct S { 1: bool v, 2: list<bool> l }');
    expect(codec.decode('02 0001 02 0f 0002 02 00000002 ff 00 00')).toEqual({ v: true, l: [true, false] });
  });

  it('decodes binary into a buffer that shares no memory with the input', () => {
    const codec = structOf('struct S { 1: binary v }');
    const bytes = codec.encode({ v: Buffer.from('abc') });
    const { v } = codec.decode(bytes) as { v: Buffer };
    bytes.fill(0);
    expect(v.toString()).toBe('abc');
    expect(Buffer.isBuffer(v)).toBe(true);
  });

  it.each([1, 12, 13, 16, 17, 64, 65, 300, 9000])(
    'reads back ASCII and non-ASCII strings of %d characters',
    (length) => {
      const codec = structOf('struct S { 1: string a, 2: string b, 3: string c }');
      const value = { a: 'x'.repeat(length), b: 'ä'.repeat(length), c: `${'y'.repeat(length - 1)}€` };
      expect(codec.decode(codec.encode(value))).toEqual(value);
      expect(codec.hex(value)).toContain(Buffer.from(value.c).toString('hex'));
    },
  );

  it('decodes a view into the middle of a larger buffer', () => {
    const codec = structOf('struct S { 1: string a, 2: double b, 3: i64 c }');
    const value = { a: 'hello', b: 0.1, c: 5n };
    const bytes = codec.encode(value);
    const around = new Uint8Array(bytes.length + 7).fill(0xee);
    around.set(bytes, 3);
    expect(codec.decode(around.subarray(3, 3 + bytes.length))).toEqual(value);
  });
});
