import { describe, expect, it } from '@jest/globals';
import type { ReaderOptions } from '../../../lib/thrift/messages.js';
import { codecError } from '../harness.js';
import { jsonOf, jsonReader } from './harness.js';

const chain = jsonOf('struct S { 1: S next, 2: list<S> many, 3: map<i8,S> named }');

/** `turns` times `open` around an empty struct, closed again. */
function nested(turns: number, open: string, close: string): string {
  return `${open.repeat(turns)}{}${close.repeat(turns)}`;
}

const SHAPES: readonly [name: string, open: string, close: string][] = [
  ['structs', '{"1":{"rec":', '}}'],
  ['lists', '{"2":{"lst":["rec",1,', ']}}'],
  ['maps', '{"3":{"map":["i8","rec",1,{"1":', '}]}}'],
  ['skipped structs', '{"99":{"rec":', '}}'],
  ['skipped lists', '{"99":{"lst":["rec",1,', ']}}'],
  ['skipped maps', '{"99":{"map":["i8","rec",1,{"1":', '}]}}'],
  ['skipped keys', '{"99":{"map":["rec","tf",1,{', ':1}]}}'],
];

describe('depth', () => {
  it.each(SHAPES)('%s: reads as many levels as the depth limit allows and refuses more', (_name, open, close) => {
    for (const depth of [3, 64, 65, 512]) {
      const turns = depth - 1;
      const limits = { depth };
      expect(chain.read(nested(turns, open, close), { limits })).toBeDefined();
      expect(codecError(() => chain.read(nested(turns + 1, open, close), { limits }))).toMatchObject({
        reason: 'limit-exceeded',
        limit: 'depth',
        type: 6,
      });
    }
  });

  it.each(SHAPES)('%s: refuses more than 64 levels by default', (_name, open, close) => {
    expect(codecError(() => chain.read(nested(64, open, close)))).toMatchObject({ limit: 'depth' });
    expect(codecError(() => chain.read(nested(100_000, open, close)))).toMatchObject({ limit: 'depth' });
  });

  it('refuses 100 000 bare brackets as a type mismatch', () => {
    for (const text of ['['.repeat(100_000), '{'.repeat(100_000), '{"2":{"lst":'.concat('['.repeat(100_000))]) {
      expect(codecError(() => chain.read(text)).reason).toBe('type-mismatch');
    }
  });
});

describe('elements', () => {
  const codec = jsonOf(`
    struct Empty {}
    struct S {
      1: list<i8> bytes, 2: list<Empty> structs, 3: map<i8,i8> pairs, 4: Empty one, 5: set<i8> unique, 6: list<list<i8>> lists,
      7: map<string,Empty> named
    }
  `);

  /** Lists each value, and the elements that it counts with the struct around it, read or skipped. */
  const rows: readonly [name: string, text: string, cost: number, skipped: number][] = [
    ['an empty list', '{"1":{"lst":["i8",0]}}', 7, 5],
    ['a list of three', '{"1":{"lst":["i8",3,1,1,1]}}', 14, 12],
    ['a list of three structs', '{"2":{"lst":["rec",3,{},{},{}]}}', 14, 12],
    ['a map of two', '{"3":{"map":["i8","i8",2,{"1":1,"2":2}]}}', 23, 13],
    ['a map of structs', '{"7":{"map":["str","rec",2,{"1":{},"2":{}}]}}', 23, 13],
    ['a struct in a struct', '{"4":{"rec":{}}}', 4, 2],
    ['a set of two', '{"5":{"set":["i8",2,1,2]}}', 21, 11],
    ['lists in a list', '{"6":{"lst":["lst",2,["i8",0],["i8",1,1]]}}', 24, 22],
  ];
  it.each(rows)('counts the elements of %s, read or skipped', (_name, text, cost, skipped) => {
    const other = jsonOf('struct S { 99: bool x }');
    for (const [reader, elements] of [
      [codec, cost],
      [other, skipped],
    ] as const) {
      expect(reader.read(text, { limits: { elements } })).toBeDefined();
      expect(codecError(() => reader.read(text, { limits: { elements: elements - 1 } }))).toMatchObject({
        reason: 'limit-exceeded',
        limit: 'elements',
      });
    }
  });

  it('reads 1 048 576 elements by default and refuses one more', () => {
    const list = (size: number): string => `{"1":{"lst":["i8",${size}${',1'.repeat(size)}]}}`;
    expect(codec.read(list(1_048_565))).toBeDefined();
    expect(codecError(() => codec.read(list(1_048_566)))).toMatchObject({ limit: 'elements', path: 'bytes' });
  });

  it('refuses 1 100 000 empty structs within 4 MB of memory', () => {
    const body = `{"2":{"lst":["rec",1100000${',{}'.repeat(1_100_000)}]}}`;
    const before = process.memoryUsage().heapUsed;
    expect(codecError(() => codec.read(body))).toMatchObject({ limit: 'elements', path: 'structs' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  });
});

describe('declared sizes', () => {
  const MESSAGE = '[1,"q",4,0,{"1":{"rec":{"1":{"lst":["tf",2000000000,1]}}}}]';

  it('refuses a declared size that exceeds the remaining text', () => {
    const reader = jsonReader(MESSAGE);
    reader.readMessageBegin();
    expect(codecError(() => reader.skip(12)).reason).toBe('truncated');
    const methods = jsonReader('["tf",2000000000,1]');
    expect(codecError(() => methods.readListBegin()).reason).toBe('truncated');
    const map = jsonReader('["tf","tf",2000000000,{"1":1}]');
    expect(codecError(() => map.readMapBegin()).reason).toBe('truncated');
  });

  it.each([
    ['tf', ',1'],
    ['dbl', ',1'],
    ['str', ',""'],
    ['rec', ',{}'],
    ['lst', ',["i8",0]'],
    ['map', ',["i8","i8",0,{}]'],
    ['uid', ',"00112233-4455-6677-8899-aabbccddeeff"'],
  ])('accepts as many %s elements as fit the remaining text', (type, element) => {
    const text = (size: number): string => `{"99":{"lst":["${type}",${size}${element.repeat(10)}`;
    expect(jsonOf('struct S {}').read(`${text(10)}]}}`)).toEqual({});
    // Without anything behind them, one element more cannot be there.
    expect(codecError(() => jsonOf('struct S {}').read(text(11)))).toMatchObject({ reason: 'truncated', path: '' });
  });
});

describe('string bytes', () => {
  const codec = jsonOf('struct S { 1: string s, 2: binary b, 3: map<string,i8> keys }');
  const refusal = (text: string, options: ReaderOptions): unknown => codecError(() => codec.read(text, options));
  const limits = { stringBytes: 1000 };

  it.each<[name: string, text: (size: number) => string, path: string]>([
    ['a string', (size) => codec.text({ s: 'x'.repeat(size) }), 's'],
    ['a string beyond ASCII', (size) => codec.text({ s: `${'x'.repeat(size % 2)}${'ä'.repeat(size >> 1)}` }), 's'],
    ['a string of short escapes', (size) => codec.text({ s: '\n'.repeat(size) }), 's'],
    ['a string of long escapes', (size) => codec.text({ s: '\u0001'.repeat(size) }), 's'],
    [
      'escapes of text beyond ASCII',
      (size) => `{"1":{"str":"${'x'.repeat(size % 2)}${'\\u00e4'.repeat(size >> 1)}"}}`,
      's',
    ],
    ['binary', (size) => codec.text({ b: Buffer.alloc(size) }), 'b'],
    ['binary without padding', (size) => codec.text({ b: Buffer.alloc(size) }).replaceAll('=', ''), 'b'],
    ['a key', (size) => codec.text({ keys: { ['x'.repeat(size)]: 1 } }), 'keys[key 0]'],
  ])('refuses %s longer than stringBytes', (_name, text, path) => {
    for (const size of [998, 999, 1000]) expect(codec.read(text(size), { limits })).toBeDefined();
    for (const size of [1001, 1002, 5000]) {
      expect(refusal(text(size), { limits })).toMatchObject({ reason: 'limit-exceeded', limit: 'stringBytes', path });
    }
  });

  it('refuses a skipped string longer than the base64 of stringBytes bytes', () => {
    const other = jsonOf('struct S { 9: i8 n }');
    expect(other.read(codec.text({ s: 'x'.repeat(1000) }), { limits })).toBeDefined();
    expect(other.read(codec.text({ b: Buffer.alloc(1000) }), { limits })).toBeDefined();
    for (const text of [codec.text({ s: 'x'.repeat(1337) }), codec.text({ b: Buffer.alloc(1003) })]) {
      expect(codecError(() => other.read(text, { limits }))).toMatchObject({ limit: 'stringBytes' });
    }
  });
});
