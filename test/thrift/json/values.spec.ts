import { describe, expect, it } from '@jest/globals';
import { jsonOf } from './harness.js';

const DECLARATIONS = `
  enum Color { RED = 1, GREEN = 2 }
  struct Point { 1: i32 x, 2: i32 y }
  union Shape { 1: i32 radius, 2: Point corner }
`;

/** Type, value, and the text of the field's object. The struct is `{"1":…}`. */
const ROWS: readonly [type: string, value: unknown, text: string][] = [
  ['bool', true, '{"tf":1}'],
  ['bool', false, '{"tf":0}'],
  ['i8', 0, '{"i8":0}'],
  ['i8', 127, '{"i8":127}'],
  ['i8', -128, '{"i8":-128}'],
  ['i16', 32767, '{"i16":32767}'],
  ['i16', -32768, '{"i16":-32768}'],
  ['i32', 9, '{"i32":9}'],
  ['i32', 10, '{"i32":10}'],
  ['i32', 99_999, '{"i32":99999}'],
  ['i32', 100_000, '{"i32":100000}'],
  ['i32', 2147483647, '{"i32":2147483647}'],
  ['i32', -2147483648, '{"i32":-2147483648}'],
  ['i64', 0n, '{"i64":0}'],
  ['i64', -1n, '{"i64":-1}'],
  ['i64', 4294967296n, '{"i64":4294967296}'],
  ['i64', -4294967297n, '{"i64":-4294967297}'],
  ['i64', 999999999999999n, '{"i64":999999999999999}'],
  ['i64', 1000000000000000n, '{"i64":1000000000000000}'],
  ['i64', 9007199254740991n, '{"i64":9007199254740991}'],
  ['i64', 9007199254740993n, '{"i64":9007199254740993}'],
  ['i64', 9223372036854775807n, '{"i64":9223372036854775807}'],
  ['i64', -9223372036854775808n, '{"i64":-9223372036854775808}'],
  ['double', 0, '{"dbl":0}'],
  ['double', -0, '{"dbl":-0}'],
  ['double', 1, '{"dbl":1}'],
  ['double', -2147483649, '{"dbl":-2147483649}'],
  ['double', 0.1, '{"dbl":0.1}'],
  ['double', -1e300, '{"dbl":-1e+300}'],
  ['double', 2 ** -31, '{"dbl":4.656612873077393e-10}'],
  ['double', 5e-324, '{"dbl":5e-324}'],
  ['double', -1.7976931348623157e308, '{"dbl":-1.7976931348623157e+308}'],
  ['double', -2.2250738585072014e-308, '{"dbl":-2.2250738585072014e-308}'],
  ['double', NaN, '{"dbl":"NaN"}'],
  ['double', Infinity, '{"dbl":"Infinity"}'],
  ['double', -Infinity, '{"dbl":"-Infinity"}'],
  ['string', '', '{"str":""}'],
  ['string', 'é€𝄞', '{"str":"é€𝄞"}'],
  ['string', 'a/b', '{"str":"a/b"}'],
  ['binary', Buffer.alloc(0), '{"str":""}'],
  ['binary', Buffer.from('f'), '{"str":"Zg=="}'],
  ['binary', Buffer.from('fo'), '{"str":"Zm8="}'],
  ['binary', Buffer.from('foo'), '{"str":"Zm9v"}'],
  ['binary', Buffer.from('fbff', 'hex'), '{"str":"+/8="}'],
  ['uuid', '00112233-4455-6677-8899-aabbccddeeff', '{"uid":"00112233-4455-6677-8899-aabbccddeeff"}'],
  ['Color', 2, '{"i32":2}'],
  ['Color', -77, '{"i32":-77}'],
  ['list<i32>', [], '{"lst":["i32",0]}'],
  ['list<i32>', [1, -1], '{"lst":["i32",2,1,-1]}'],
  ['list<bool>', [true, false], '{"lst":["tf",2,1,0]}'],
  ['list<double>', [NaN, -0.5], '{"lst":["dbl",2,"NaN",-0.5]}'],
  ['list<list<i8>>', [[1], []], '{"lst":["lst",2,["i8",1,1],["i8",0]]}'],
  ['list<string>', ['a', ''], '{"lst":["str",2,"a",""]}'],
  ['set<string>', new Set(['a', 'b']), '{"set":["str",2,"a","b"]}'],
  ['set<i64>', new Set([1n]), '{"set":["i64",1,1]}'],
  ['map<string,i32>', new Map(), '{"map":["str","i32",0,{}]}'],
  ['map<string,i32>', new Map(Object.entries({ a: 1, b: 2 })), '{"map":["str","i32",2,{"a":1,"b":2}]}'],
  ['map<bool,bool>', new Map([[true, false]]), '{"map":["tf","tf",1,{"1":0}]}'],
  ['map<i8,i16>', new Map([[-1, 1]]), '{"map":["i8","i16",1,{"-1":1}]}'],
  ['map<i64,i64>', new Map([[-9223372036854775808n, 5n]]), '{"map":["i64","i64",1,{"-9223372036854775808":5}]}'],
  [
    'map<double,i32>',
    new Map([
      [-2.2250738585072014e-308, 1],
      [NaN, 2],
      [-Infinity, 3],
    ]),
    '{"map":["dbl","i32",3,{"-2.2250738585072014e-308":1,"NaN":2,"-Infinity":3}]}',
  ],
  ['map<Color,string>', new Map([[1, '"']]), '{"map":["i32","str",1,{"1":"\\""}]}'],
  ['map<binary,uuid>', new Map(), '{"map":["str","uid",0,{}]}'],
  ['map<i32,list<i8>>', new Map([[7, [7]]]), '{"map":["i32","lst",1,{"7":["i8",1,7]}]}'],
  ['map<i32,Point>', new Map([[7, { x: 1, y: undefined }]]), '{"map":["i32","rec",1,{"7":{"1":{"i32":1}}}]}'],
  // No JSON, but what Apache's runtimes for C++, Java and Python write and read.
  ['map<list<i8>,bool>', new Map([[[1, 2], true]]), '{"map":["lst","tf",1,{["i8",2,1,2]:1}]}'],
  ['map<Point,bool>', new Map([[{ x: 1, y: 2 }, true]]), '{"map":["rec","tf",1,{{"1":{"i32":1},"2":{"i32":2}}:1}]}'],
  ['Point', { x: 1, y: 2 }, '{"rec":{"1":{"i32":1},"2":{"i32":2}}}'],
  ['Point', { x: undefined, y: 2 }, '{"rec":{"2":{"i32":2}}}'],
  ['Point', { x: undefined, y: undefined }, '{"rec":{}}'],
  ['Shape', { radius: 3 }, '{"rec":{"1":{"i32":3}}}'],
  ['Shape', { corner: { x: 4, y: undefined } }, '{"rec":{"2":{"rec":{"1":{"i32":4}}}}}'],
  ['list<Point>', [{ x: undefined, y: 5 }], '{"lst":["rec",1,{"2":{"i32":5}}]}'],
];

describe('values in the JSON protocol', () => {
  for (const [type, value, field] of ROWS) {
    const text = `{"1":${field}}`;
    it(`writes and reads ${type} as ${text}`, () => {
      const codec = jsonOf(`${DECLARATIONS} struct S { 1: ${type} v }`);
      expect(codec.text({ v: value })).toBe(text);
      expect(codec.read(text)).toEqual({ v: value });
    });
  }

  it('writes fields in the order of their ids and reads negative ids', () => {
    const codec = jsonOf('struct S { 32767: bool a, 1: bool b }');
    expect(codec.text({ b: true, a: true })).toBe('{"1":{"tf":1},"32767":{"tf":1}}');
    expect(codec.read('{"32767":{"tf":0},"1":{"tf":1}}')).toEqual({ a: false, b: true });
    const negative = jsonOf('struct S { bool a }');
    expect(negative.text({ a: true })).toBe('{"-1":{"tf":1}}');
    expect(negative.read('{"-1":{"tf":1}}')).toEqual({ a: true });
    expect(jsonOf('struct S { 1: bool a }').read('{"-32768":{"tf":1}}')).toEqual({ a: undefined });
  });

  it('writes an i64 from a bigint, number or Int64 and reads a number by option', () => {
    const codec = jsonOf('struct S { 1: i64 v }');
    const int64 = { buffer: Buffer.from('00ffffffffffffffff', 'hex'), offset: 1 };
    expect([5n, 5, -0].map((v) => codec.text({ v }))).toEqual([
      '{"1":{"i64":5}}',
      '{"1":{"i64":5}}',
      '{"1":{"i64":0}}',
    ]);
    expect(codec.text({ v: int64 })).toBe('{"1":{"i64":-1}}');
    const numbers = jsonOf('struct S { 1: i64 v, 2: map<i64,i64> m }', { i64: 'number' });
    expect(numbers.read('{"1":{"i64":-9007199254740991},"2":{"map":["i64","i64",1,{"7":8}]}}')).toEqual({
      v: -9007199254740991,
      m: new Map([[7, 8]]),
    });
    expect(() => numbers.read('{"1":{"i64":9007199254740992}}')).toThrow(
      expect.objectContaining({ limit: 'i64', path: 'v' }),
    );
  });

  it('writes and reads the integer -0 as 0', () => {
    const codec = jsonOf('struct S { 1: i32 v, 2: i64 l }');
    expect(codec.text({ v: -0 })).toBe('{"1":{"i32":0}}');
    expect(codec.read('{"1":{"i32":-0},"2":{"i64":-0}}')).toStrictEqual({ v: 0, l: 0n });
  });

  it('decodes binary into a buffer that shares no memory with the text', () => {
    const bytes = Buffer.from('{"1":{"str":"YWJj"}}');
    const { v } = jsonOf('struct S { 1: binary v }').read(bytes) as { v: Buffer };
    bytes.fill(0);
    expect(v.toString()).toBe('abc');
  });

  it.each([12, 13, 32, 33, 65, 300, 9000])('reads back ASCII and non-ASCII strings of %d characters', (length) => {
    const codec = jsonOf('struct S { 1: string a, 2: string b, 3: string c, 4: binary d }');
    const value = {
      a: 'x'.repeat(length),
      b: 'ä'.repeat(length),
      c: `${'y'.repeat(length - 2)}"€`,
      d: Buffer.alloc(length, 'z'),
    };
    expect(codec.read(codec.text(value))).toEqual(value);
    expect(JSON.parse(codec.text(value))).toEqual({
      1: { str: value.a },
      2: { str: value.b },
      3: { str: value.c },
      4: { str: value.d.toString('base64') },
    });
  });

  it('writes and reads thousands of list elements and map entries', () => {
    const codec = jsonOf('struct S { 1: list<i32> n, 2: list<string> s, 3: map<i32,double> m }');
    const value = {
      n: Array.from({ length: 5000 }, (_, i) => 7 - i * 400_000),
      s: Array.from({ length: 500 }, (_, i) => 'ab'.repeat(i % 50)),
      m: new Map(Array.from({ length: 500 }, (_, i) => [i, i / 7])),
    };
    expect(codec.read(codec.text(value))).toEqual(value);
  });
});
