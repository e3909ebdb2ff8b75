import { describe, expect, it } from '@jest/globals';
import thrift from 'thrift';
import { ThriftReadError } from '../../lib/thrift/errors.js';
import { codecError, structOf, unhex } from './harness.js';

const IDL = `
  struct Point { 1: required i32 x, 2: string label }
  union Shape { 1: i32 radius, 2: Point corner }
  struct S {
    1: i32 n, 2: string s, 3: list<Point> points, 4: map<string,Point> byName, 5: Shape shape, 6: set<i16> shorts, 7: bool b,
    8: map<i32,i32> m, 9: list<list<string>> deep, 10: uuid u
  }
`;
const codec = structOf(IDL);

/** Lists each fault, the bytes, and the reason, path and message of the error. */
const ROWS: readonly [name: string, hex: string, reason: string, path: string, detail: string][] = [
  ['a field of another type', '0a 0001 0000000000000001 00', 'type-mismatch', 'n', 'expected i32, found i64'],
  ['a field with a tag Thrift does not have', '11 0001 00', 'type-mismatch', 'n', 'expected i32, found type tag 17'],
  ['an unknown field with a tag Thrift does not have', '11 0063 00', 'type-mismatch', '', 'a field of type tag 17'],
  ['an unknown field of type void', '01 0063 00', 'type-mismatch', '', 'a field of type tag 1'],
  ['a negative tag', 'ff 0063 00', 'type-mismatch', '', 'a field of type tag'],
  ['a repeated field', '08 0001 00000001 08 0001 00000001 00', 'type-mismatch', 'n', 'the field occurs twice'],
  [
    'elements of another type',
    '0f 0003 08 00000001 00000001 00',
    'type-mismatch',
    'points',
    'expected elements of struct',
  ],
  [
    'elements of a tag Thrift does not have',
    '0f 0003 05 00000001 00000001 00',
    'type-mismatch',
    'points',
    'elements of a type',
  ],
  ['a set for a list', '0e 0003 0c 00000000 00', 'type-mismatch', 'points', 'found set'],
  [
    'keys of another type',
    '0d 0004 08 0c 00000001 00000000 00 00',
    'type-mismatch',
    'byName',
    'expected keys of string',
  ],
  [
    'values of another type',
    '0d 0008 08 0a 00000001 00000000 0000000000000000 00',
    'type-mismatch',
    'm',
    'values of i32',
  ],
  [
    'a missing required field',
    '0f 0003 0c 00000002 08 0001 00000001 00 00 00',
    'missing-required',
    'points[1].x',
    '(i32)',
  ],
  [
    'a missing required field in a map value',
    '0d 0004 0b 0c 00000001 00000001 61 00 00',
    'missing-required',
    'byName[value 0].x',
    '(i32)',
  ],
  ['a union without a member', '0c 0005 00 00', 'type-mismatch', 'shape', 'the union Shape has no member'],
  [
    'a union with an unknown member',
    '0c 0005 08 0009 00000001 00 00',
    'type-mismatch',
    'shape',
    'the union Shape has no',
  ],
  [
    'a union with two members',
    '0c 0005 08 0001 00000001 0c 0002 08 0001 00000001 00 00 00',
    'type-mismatch',
    'shape.corner',
    'a second member',
  ],
  ['a negative list size', '0e 0006 06 ffffffff 00', 'limit-exceeded', 'shorts', 'negative'],
  ['a negative map size', '0d 0008 08 08 80000000 00', 'limit-exceeded', 'm', 'negative'],
  ['a negative string size', '0b 0002 ffffffff 00', 'limit-exceeded', 's', 'negative'],
  [
    'a list larger than its bytes',
    '0e 0006 06 00000002 0001 0000 00'.slice(0, -5),
    'truncated',
    'shorts',
    '4 bytes needed',
  ],
  ['a huge list', '0e 0006 06 7fffffff 0001', 'truncated', 'shorts', '4294967294 bytes needed, 2 left'],
  ['a huge list of an unknown field', '0f 0063 0f 7fffffff 0001', 'truncated', '', 'bytes needed'],
  ['a string past the end', '0b 0002 00000005 61', 'truncated', 's', '5 bytes needed, 1 left'],
  [
    'a deeply nested string past the end',
    '0f 0009 0f 00000001 0b 00000002 00000001 61 00000009 61',
    'truncated',
    'deep[0][1]',
    '9 bytes needed',
  ],
  ['a map key past the end', '0d 0004 0b 0c 00000001 00000009 61', 'truncated', 'byName[key 0]', '9 bytes needed'],
  // A value's bytes are eaten by the key in front of it, although there were enough for the least of both.
  ['a map value past the end', '0d 0004 0b 0c 00000001 00000001 61', 'truncated', 'byName[value 0]', '1 bytes needed'],
  ['a uuid past the end', '10 000a 0011', 'truncated', 'u', '16 bytes needed'],
  ['no bytes at all', '', 'truncated', '', '1 bytes needed, 0 left'],
];

describe('refused bytes', () => {
  it.each(ROWS)('refuses a struct with %s', (_name, hex, reason, path, detail) => {
    const error = codecError(() => codec.decode(hex));
    expect(error).toBeInstanceOf(ThriftReadError);
    expect(error).toMatchObject({ reason, path, code: 'ERR_THRIFT_READ', name: 'ThriftReadError' });
    expect(error.detail).toContain(detail);
    expect(error.message).toBe(path === '' ? error.detail : `${path}: ${error.detail}`);
  });

  it('throws a TProtocolException of the thrift package with its type code', () => {
    const { TProtocolException, TProtocolExceptionType } = thrift.Thrift;
    const truncated = codecError(() => codec.decode('08 0001'));
    expect(truncated).toBeInstanceOf(TProtocolException);
    expect(truncated).toBeInstanceOf(Error);
    expect(truncated.type).toBe(TProtocolExceptionType.INVALID_DATA);
    expect(codecError(() => codec.decode('0b 0002 ffffffff')).type).toBe(TProtocolExceptionType.NEGATIVE_SIZE);
    expect(truncated.stack).toMatch(/^ThriftReadError: n: 4 bytes needed, 0 left\n/);
  });

  it('ignores the element types of empty containers', () => {
    expect(codec.decode('0f 0003 00 00000000 0d 0008 00 00 00000000 00')).toMatchObject({ points: [], m: new Map() });
  });
});

describe('unknown fields', () => {
  it.each([
    ['bool', '02 0063 01'],
    ['i8', '03 0063 01'],
    ['i16', '06 0063 0001'],
    ['i32', '08 0063 00000001'],
    ['i64', '0a 0063 0000000000000001'],
    ['double', '04 0063 0000000000000001'],
    ['string that is not UTF-8', '0b 0063 00000001 ff'],
    ['uuid', '10 0063 00000000000000000000000000000000'],
    ['struct', '0c 0063 08 0001 00000001 0c 0002 00 00'],
    ['list', '0f 0063 0b 00000002 00000000 00000001 61'],
    ['set', '0e 0063 0c 00000001 00'],
    ['map', '0d 0063 0b 0f 00000001 00000001 61 08 00000001 00000001'],
    ['negative id', '02 ffff 01'],
  ])('skips an unknown field: %s', (_name, hex) => {
    expect(codec.decode(`${hex} 08 0001 00000005 ${hex} 00`)).toMatchObject({ n: 5 });
  });
});

describe('truncation', () => {
  const whole = codec.encode({
    n: 1,
    s: 'some text',
    points: [{ x: 1, label: 'a' }, { x: 2 }],
    byName: { a: { x: 3 } },
    shape: { corner: { x: 4 } },
    shorts: [1, 2],
    b: true,
    m: { 1: 2, 3: 4 },
    deep: [['x'], []],
    u: '00112233-4455-6677-8899-aabbccddeeff',
  });

  it.each(Array.from({ length: whole.length }, (_, length) => length))(
    'refuses a struct truncated after %d bytes',
    (length) => {
      expect(codecError(() => codec.decode(whole.subarray(0, length))).reason).toBe('truncated');
    },
  );

  it.each(Array.from({ length: whole.length }, (_, length) => length))(
    'refuses a skipped field truncated after %d bytes',
    (length) => {
      const empty = structOf('struct S { 30000: i32 other }');
      expect(codecError(() => empty.decode(whole.subarray(0, length))).reason).toBe('truncated');
    },
  );
});

describe('text that is not UTF-8', () => {
  it.each([
    ['a lone continuation byte', '80'],
    ['an overlong slash', 'c0af'],
    ['an overlong NUL', 'c080'],
    ['an overlong euro sign', 'f08282ac'],
    ['a high surrogate', 'eda080'],
    ['a surrogate pair', 'eda080edb080'],
    ['a code point past U+10FFFF', 'f4908080'],
    ['a truncated sequence', 'e282'],
    ['a byte UTF-8 never uses', 'ff'],
    ['an invalid byte beside a real U+FFFD', 'efbfbdff'],
    ['an invalid byte at the end of a long string', `${'61'.repeat(200)}ff`],
  ])('refuses a string with %s', (_name, hex) => {
    const size = (hex.length / 2).toString(16).padStart(8, '0');
    expect(codecError(() => codec.decode(unhex(`0b 0002 ${size} ${hex} 00`)))).toMatchObject({
      reason: 'invalid-utf8',
      path: 's',
    });
  });
});
