import { describe, expect, it } from '@jest/globals';
import { codecError, structOf, unhex } from '../harness.js';

const IDL = `
  struct Point { 1: required i32 x, 2: string label }
  union Shape { 1: i32 radius, 2: Point corner }
  struct S {
    1: i32 n, 2: string s, 3: list<Point> points, 4: map<string,Point> byName, 5: Shape shape, 6: set<i16> shorts, 7: bool b,
    8: map<i32,i32> m, 9: list<list<string>> deep, 10: uuid u, 11: i64 long, 12: i16 short, 13: double d
  }
`;
const codec = structOf(IDL, 'S', { protocol: 'compact' });

/** Lists each fault, the bytes, and the reason, path and message of the error. */
const ROWS: readonly [name: string, hex: string, reason: string, path: string, detail: string][] = [
  ['a field of another type', '16 02 00', 'type-mismatch', 'n', 'expected i32, found i64'],
  ['a bool for an i32', '11 00', 'type-mismatch', 'n', 'expected i32, found bool'],
  ['an i32 for a bool', '75 02 00', 'type-mismatch', 'b', 'expected bool, found i32'],
  ['a field of code 14', '1e 00', 'type-mismatch', 'n', 'compact type 14'],
  ['an unknown field of code 15', '0f c601 00', 'type-mismatch', '', 'compact type 15'],
  ['a repeated field', '15 02 05 02 02 00', 'type-mismatch', 'n', 'the field occurs twice'],
  ['a repeated bool', '71 02 0e 00', 'type-mismatch', 'b', 'the field occurs twice'],
  ['elements of another type', '39 15 02 00', 'type-mismatch', 'points', 'expected elements of struct, found i32'],
  ['elements of code 0', '39 10 02 00', 'type-mismatch', 'points', 'compact type 0'],
  ['elements of code 14', '39 1e 02 00', 'type-mismatch', 'points', 'compact type 14'],
  ['bools for integers', '6a 11 01 00', 'type-mismatch', 'shorts', 'expected elements of i16, found bool'],
  ['a set for a list', '3a 0c 00', 'type-mismatch', 'points', 'found set'],
  [
    'keys of another type',
    '4b 01 5c 02 00 00',
    'type-mismatch',
    'byName',
    'expected keys of string or binary, found i32',
  ],
  ['values of another type', '8b 01 56 00 00 00', 'type-mismatch', 'm', 'expected values of i32, found i64'],
  ['keys of code 15', '8b 01 f5 00 00 00', 'type-mismatch', 'm', 'compact type 15'],
  ['values of code 0', '8b 01 50 00 00 00', 'type-mismatch', 'm', 'compact type 0'],
  ['a missing required field', '39 2c 15 02 00 00 00', 'missing-required', 'points[1].x', '(i32)'],
  ['a union without a member', '5c 00 00', 'type-mismatch', 'shape', 'the union Shape has no member'],
  ['a union with two members', '5c 15 02 1c 15 02 00 00 00', 'type-mismatch', 'shape.corner', 'a second member'],
  ['a negative list size', '6a f4 ffffffff0f', 'limit-exceeded', 'shorts', 'negative'],
  ['the least negative list size', '6a f4 8080808008', 'limit-exceeded', 'shorts', 'negative'],
  ['a negative map size', '8b 8080808008 55', 'limit-exceeded', 'm', 'negative'],
  ['a negative string size', '28 ffffffff0f', 'limit-exceeded', 's', 'negative'],
  ['a list larger than its bytes', '6a 34 02', 'truncated', 'shorts', '3 bytes needed, 1 left'],
  ['a huge list', '6a f4 ffffffff07 02', 'truncated', 'shorts', '2147483647 bytes needed, 1 left'],
  ['a skipped huge list of uuids', '09 c601 fd ffffffff07 02', 'truncated', '', '34359738352 bytes needed'],
  ['a huge map', '8b ffffffff07 55 02', 'truncated', 'm', '4294967294 bytes needed'],
  ['a string past the end', '28 05 61', 'truncated', 's', '5 bytes needed, 1 left'],
  ['a map value past the end', '4b 01 8c 01 61', 'truncated', 'byName[value 0]', '1 bytes needed'],
  ['a uuid past the end', 'ad 0011', 'truncated', 'u', '16 bytes needed'],
  ['a double past the end', 'd7 00000000000000', 'truncated', 'd', '8 bytes needed, 7 left'],
  ['a map without its types', '8b 01', 'truncated', 'm', '1 bytes needed, 0 left'],
  ['an i32 without an end', '15 8080', 'truncated', 'n', '3 bytes needed, 2 left'],
  ['a field id without an end', '05 80', 'truncated', '', '2 bytes needed, 1 left'],
  ['no bytes at all', '', 'truncated', '', '1 bytes needed, 0 left'],
  ['an i32 of 33 bits', '15 ffffffff1f 00', 'type-mismatch', 'n', 'more than 32 bits'],
  ['an i32 of six bytes', '15 808080808000 00', 'type-mismatch', 'n', 'more than 32 bits'],
  ['an i16 of 17 bits', 'c4 808004 00', 'type-mismatch', 'short', 'more than 16 bits'],
  ['a negative i16 of 17 bits', 'c4 818004 00', 'type-mismatch', 'short', 'more than 16 bits'],
  ['an i64 of 65 bits', 'b6 ffffffffffffffffff02 00', 'type-mismatch', 'long', 'more than 64 bits'],
  ['an i64 of eleven bytes', 'b6 8080808080808080808000 00', 'type-mismatch', 'long', 'more than 64 bits'],
  ['a size of six bytes', '28 858080808000 00', 'type-mismatch', 's', 'more than 32 bits'],
  ['a field id of 17 bits', '05 808004 02 00', 'type-mismatch', '', 'more than 16 bits'],
  ['a field id that steps past 16 bits', '03 feff03 07 13 07 00', 'type-mismatch', '', 'more than 16 bits'],
  ['an unknown i16 of 17 bits', '04 c601 808004 00', 'type-mismatch', '', 'more than 16 bits'],
  ['an unknown i64 of 65 bits', '06 c601 ffffffffffffffffff02 00', 'type-mismatch', '', 'more than 64 bits'],
];

describe('refused compact bytes', () => {
  it.each(ROWS)('refuses a struct with %s', (_name, hex, reason, path, detail) => {
    const error = codecError(() => codec.decode(hex));
    expect(error).toMatchObject({ reason, path, code: 'ERR_THRIFT_READ' });
    expect(error.detail).toContain(detail);
  });

  it.each([
    ['an empty list of another type', '39 05 00', { points: [] }],
    ['an empty list of code 0', '39 00 00', { points: [] }],
    ['a size in the long form that fits the short form', '6a f4 01 02 00', { shorts: new Set([1]) }],
    ['an i32 with more bytes than needed', '15 8200 00', { n: 1 }],
    ['an i16 with more bytes than needed', 'c4 8280808000 00', { short: 1 }],
    ['an i64 with more bytes than needed', 'b6 82808080808080808000 00', { long: 1n }],
    ['a size with more bytes than needed', '28 8180808000 61 00', { s: 'a' }],
    ['the size of an empty map with more bytes than needed', '8b 8000 00', { m: new Map() }],
    ['a field id with more bytes than needed', '05 8280808000 02 00', { n: 1 }],
    ['a stop with a step as a plain stop, as Apache does', '15 02 f0', { n: 1 }],
  ])('decodes %s', (_name, hex, value) => {
    expect(codec.decode(hex)).toMatchObject(value);
  });
});

describe('unknown fields in compact', () => {
  it.each([
    ['true', '01 c601'],
    ['false', '02 c601'],
    ['i8', '03 c601 80'],
    ['i16', '04 c601 feff03'],
    ['i32', '05 c601 feffffff0f'],
    ['i64', '06 c601 ffffffffffffffffff01'],
    ['double', '07 c601 0000000000000001'],
    ['string that is not UTF-8', '08 c601 01 ff'],
    ['uuid', '0d c601 00000000000000000000000000000000'],
    ['struct', '0c c601 11 15 02 1c 00 00'],
    ['list', '09 c601 28 00 01 61'],
    ['list of bools', '09 c601 31 01 02 00'],
    ['set of structs', '0a c601 1c 00'],
    ['map', '0b c601 01 89 01 61 15 02'],
    ['map of bools', '0b c601 01 12 01 02'],
    ['empty map', '0b c601 00'],
    ['negative id', '01 01'],
  ])('skips an unknown field: %s', (_name, hex) => {
    expect(codec.decode(`${hex} 05 02 0a ${hex} 00`)).toMatchObject({ n: 5 });
  });
});

describe('truncation in compact', () => {
  const whole = codec.encode({
    n: 70000,
    s: 'some text',
    points: [{ x: 1, label: 'a' }, { x: 2 }],
    byName: { a: { x: 3 } },
    shape: { corner: { x: 4 } },
    shorts: [1, 2000],
    b: true,
    m: { 1: 2, 3: 4 },
    deep: [['x'], []],
    u: '00112233-4455-6677-8899-aabbccddeeff',
    long: -(2n ** 63n),
    short: 300,
    d: 0.1,
  });
  const other = structOf('struct S { 30000: i32 other }', 'S', { protocol: 'compact' });

  it.each(Array.from({ length: whole.length }, (_, length) => length))(
    'refuses a struct truncated after %d bytes, decoded or skipped',
    (length) => {
      expect(codecError(() => codec.decode(whole.subarray(0, length))).reason).toBe('truncated');
      expect(codecError(() => other.decode(whole.subarray(0, length))).reason).toBe('truncated');
    },
  );
});

it.each(['80', 'c0af', 'eda080', 'f4908080', 'e282', `${'61'.repeat(100)}ff`])(
  'refuses text that is not UTF-8: %s',
  (hex) => {
    const bytes = unhex(`28 ${(hex.length / 2).toString(16).padStart(2, '0')} ${hex} 00`);
    expect(codecError(() => codec.decode(bytes))).toMatchObject({ reason: 'invalid-utf8', path: 's' });
  },
);
