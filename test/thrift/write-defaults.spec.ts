import { describe, expect, it } from '@jest/globals';
import { createEventCodec, type EventCodec } from '#lib/event/event-codec.js';
import { findService } from '#lib/idl/find-service.js';
import { loadSchemaFromText } from '#lib/idl/load-schema.js';
import type { CodecOptions } from '#lib/thrift/service-codec.js';
import { PROTOCOLS } from './harness.js';

const idl = (n: number, text: string): string => `
  enum Color { RED = 1, BLUE = 2 }
  union U { 1: i32 a = ${n}, 2: string b }
  struct Inner { 1: i32 x = ${n}, 2: optional list<i32> xs = [${n}], 3: string none }
  struct All {
    1: i32 i = ${n}, 2: i64 l = ${n}, 3: double d = ${n}.5, 4: bool flag = ${n === 1 ? 'true' : 'false'}, 5: string s = "${text}",
    6: binary bytes = "${text}", 7: Color color = Color.${n === 1 ? 'RED' : 'BLUE'}, 8: list<i32> list = [${n}, 2],
    9: set<string> set = ["${text}"], 10: map<string, i32> map = { "${text}": ${n} }, 11: Inner inner = {},
    12: required i32 must = ${n}, 13: optional i32 maybe = ${n}, 14: i32 none, 15: U choice
  }
  service S { oneway void f(1: All all, 2: i32 times = ${n}) }`;

const serviceOf = (text: string) => findService(loadSchemaFromText(text), 'S');
const sender = serviceOf(idl(1, 'one'));
const receiver = serviceOf(idl(2, 'two'));

describe.each(PROTOCOLS)('the option writeDefaults in %s', (protocol) => {
  const codec = (of: typeof sender, options: CodecOptions = {}): EventCodec =>
    createEventCodec([of], { protocol, ...options });
  const writing = codec(sender, { writeDefaults: true });
  const call = (args: Record<string, unknown>) => ({ method: 'f', args });
  const read = (bytes: Buffer, by = sender): unknown => codec(by).decode(bytes)[0]!.args;

  it('writes what a reader with the same IDL would fill in', () => {
    const filled = read(codec(sender).encode(call({ all: { choice: { b: 'x' } } }))) as Record<string, unknown>;
    const bytes = writing.encode(call({ all: { choice: { b: 'x' } } }));
    expect(bytes).toEqual(codec(sender).encode(call(filled)));
    expect(read(bytes)).toEqual(filled);
  });

  it('lets the IDL of the sender decide, and that of the receiver without the option', () => {
    const args = { all: { choice: { a: 7 } } };
    const byWriter = read(writing.encode(call(args)), receiver);
    expect(byWriter).toMatchObject({
      all: {
        i: 1,
        s: 'one',
        list: [1, 2],
        inner: { x: 1, xs: [1] },
        maybe: 1,
        must: 1,
        none: undefined,
        choice: { a: 7 },
      },
      times: 1,
    });
    expect(read(codec(sender).encode(call(args)), receiver)).toMatchObject({
      all: { i: 2, s: 'two', list: [2, 2], inner: { x: 2, xs: [2] }, maybe: 2, must: 1 },
      times: 2,
    });
  });

  it('still refuses unknown fields, and writes values that are set', () => {
    expect(() => writing.encode(call({ all: { tipo: 1 } }))).toThrow('f.all.tipo: unknown field of All');
    expect(read(writing.encode(call({ all: { i: 0, list: [], s: '' }, times: 0 })))).toMatchObject({
      all: { i: 0, list: [], s: '' },
      times: 0,
    });
  });
});
