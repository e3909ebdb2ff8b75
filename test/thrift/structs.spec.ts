import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { findService } from '../../lib/idl/find-service.js';
import { createReader, writeBytes } from '../../lib/thrift/messages.js';
import { compileService } from '../../lib/thrift/service-codec.js';
import { structOf } from './harness.js';

describe('absent fields', () => {
  it('decodes absent fields as undefined, in the order of declaration', () => {
    const codec = structOf('struct S { 3: i32 c, 1: optional string a, 2: list<i8> b }');
    const value = codec.decode('00') as object;
    expect(Object.entries(value)).toEqual([
      ['c', undefined],
      ['a', undefined],
      ['b', undefined],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('leaves absent members out of a union', () => {
    const codec = structOf('union S { 1: i32 a, 2: string b }');
    expect(Object.keys(codec.decode('08 0001 00000001 00') as object)).toEqual(['a']);
  });
});

describe('defaults', () => {
  const codec = structOf(`
    enum Color { RED = 1, GREEN = 2 }
    struct Point { 1: i32 x = 3, 2: i32 y }
    union Shape { 1: i32 radius, 2: Point corner }
    struct S {
      1: i32 i = -5, 2: optional i64 l = 9223372036854775807, 3: double d = 0.5, 4: string s = "it's \\"x\\"", 5: bool b = true,
      6: Color c = Color.GREEN, 7: list<string> ls = ["a", "b"], 8: set<i16> si = [1, 2], 9: map<string,list<i8>> m = {"k": [1]},
      10: Point p = {"y": 4}, 11: Shape sh = {"radius": 2}, 12: binary bin = "raw", 13: required i32 r = 8
    }
  `);
  const defaults = {
    i: -5,
    l: 9223372036854775807n,
    d: 0.5,
    s: 'it\'s "x"',
    b: true,
    c: 2,
    ls: ['a', 'b'],
    si: new Set([1, 2]),
    m: new Map([['k', [1]]]),
    p: { x: 3, y: 4 },
    sh: { radius: 2 },
    bin: Buffer.from('raw'),
    r: 8,
  };

  it('decodes absent fields as their defaults', () => {
    expect(codec.decode('08 000d 00000008 00')).toStrictEqual(defaults);
  });

  it('writes the default of a required field only', () => {
    expect(codec.hex({})).toBe('08000d0000000800');
    expect(() => codec.decode('00')).toThrow('r: the required field (i32) is missing');
  });

  it('decodes a sent value instead of the default', () => {
    const value = { ...defaults, i: 0, s: '', b: false, ls: [], m: new Map(), p: { x: 1, y: undefined } };
    expect(codec.decode(codec.encode(value))).toEqual(value);
  });

  it('gives each decoded object its own copies of the defaults', () => {
    const first = codec.decode('08 000d 00000008 00') as typeof defaults;
    first.ls.push('c');
    first.si.add(3);
    first.m.get('k')!.push(2);
    first.p.x = 9;
    first.bin[0] = 0;
    expect(codec.decode('08 000d 00000008 00')).toStrictEqual(defaults);
  });
});

describe('recursion', () => {
  it('reads back types that recurse through structs, unions and containers', () => {
    const codec = structOf(`
      struct Tree { 1: i32 value, 2: list<Tree> children, 3: optional Leaf leaf }
      union Leaf { 1: Tree tree, 2: string text }
      struct S { 1: map<string,Tree> trees }
    `);
    const leaf = { value: 1, children: undefined, leaf: { text: 'x' } };
    const tree = { value: 2, children: [leaf, { value: 3, children: [], leaf: { tree: leaf } }], leaf: undefined };
    const value = { trees: new Map([['oak', tree]]) };
    expect(codec.decode(codec.encode(value))).toEqual(value);
  });
});

describe('hostile names', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    'eval',
    'arguments',
  ];

  it('decodes fields with hostile names as own properties', () => {
    const fields = NAMES.map((name, i) => `${i + 1}: optional i32 ${name}`).join(', ');
    const codec = structOf(`struct S { ${fields}, 99: required i32 r }`);
    // Nothing inherited is taken for a value.
    expect(codec.hex({ r: 1 })).toBe('08006300000001' + '00');
    const value = Object.fromEntries([...NAMES, 'r'].map((name, i) => [name, i]));
    const read = codec.decode(codec.encode(value)) as object;
    expect(Object.keys(read)).toEqual([...NAMES, 'r']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(read, '__proto__')?.value).toBe(0);
  });

  it('reads back union members with hostile names', () => {
    const codec = structOf('union S { 1: i32 __proto__, 2: i32 constructor }');
    const read = codec.decode('08 0001 00000005 00') as object;
    expect(Object.entries(read)).toEqual([['__proto__', 5]]);
    expect(codec.encode(read).toString('hex')).toBe('0800010000000500');
    expect(codec.hex({ constructor: 1 })).toBe('0800020000000100');
  });

  it('reads back structs and enums with hostile names', () => {
    const codec = structOf(`
      enum toString { constructor = 1, __proto__ = 2 }
      struct constructor { 1: toString kind }
      struct S { 1: constructor c, 2: map<string,constructor> m }
    `);
    const bytes = codec.encode({ c: { kind: '__proto__' }, m: { a: { kind: 'constructor' } } });
    expect(codec.decode(bytes)).toEqual({ c: { kind: 2 }, m: new Map([['a', { kind: 1 }]]) });
  });

  it('reads back map keys with hostile names', () => {
    const codec = structOf('struct P { 1: i32 polluted } struct S { 1: map<string,P> m }');
    const keys = [...NAMES, 'x'];
    const value = { m: new Map(keys.map((key, i) => [key, { polluted: i }])) };
    for (let i = 0; i < 1000; i++) codec.decode(codec.encode(value));
    expect(codec.decode(codec.encode(value))).toEqual(value);
    const object = Object.fromEntries(value.m);
    expect(codec.decode(codec.encode({ m: object }))).toEqual(value);
    expect('polluted' in {}).toBe(false);
  });
});

describe('compileService', () => {
  const service = findService(
    loadSchemaFromText(`
      struct Job { 1: i64 id }
      service Base { oneway void ping() }
      service Jobs extends Base { oneway void start(1: Job job, 2: i32 priority = 3), i32 count(1: string queue) }
    `),
    'Jobs',
  );

  it('compiles a codec for each oneway function, inherited functions included, and for no other', () => {
    expect([...compileService(service, 'binary').methods.keys()].sort()).toEqual(['ping', 'start']);
  });

  it('compiles a service once for the same options', () => {
    expect(compileService(service, 'binary')).toBe(compileService(service, 'binary', { i64: 'bigint' }));
    expect(compileService(service, 'binary')).toBe(compileService(service, 'binary', { limits: { depth: 5 } }));
    expect(compileService(service, 'binary')).not.toBe(compileService(service, 'binary', { i64: 'number' }));
  });

  it('reads messages back to back', () => {
    const { methods } = compileService(service, 'binary');
    const bytes = writeBytes('binary', (writer) => {
      for (const [name, args] of [
        ['start', { job: { id: 1n } }],
        ['ping', undefined],
      ] as const) {
        // prettier-ignore
        writer.writeMessageBegin(name, 4, 0);
        methods.get(name)!.write(writer, args);
        writer.writeMessageEnd();
      }
    });
    const reader = createReader('binary', bytes);
    const calls: unknown[] = [];
    while (reader.remaining > 0) {
      const { name } = reader.readMessageBegin();
      calls.push([name, methods.get(name)!.read(reader)]);
      reader.readMessageEnd();
    }
    expect(calls).toEqual([['start', { job: { id: 1n }, priority: 3 }], ['ping', {}]]); // prettier-ignore
  });

  it('names the method in the path of a read error', () => {
    const start = compileService(service, 'binary').methods.get('start')!;
    expect(() => start.read(createReader('binary', Buffer.from('0c00010a0001', 'hex')))).toThrow(
      'start.job.id: 8 bytes needed, 0 left',
    );
  });
});
