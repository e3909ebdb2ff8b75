import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../lib/event/event-codec.js';
import { MalformedEventError } from '../../lib/event/event-error.js';
import { findService } from '../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { PROTOCOLS } from '../vectors/protocols.js';
import { codecError, structOf } from './harness.js';

/**
 * Lists each change, both texts, the written value, and the value that is read: the old text's
 * reader last.
 */
interface Change {
  readonly name: string;
  readonly old: string;
  readonly new: string;
  readonly oldWrites: object;
  readonly newReads: object;
  readonly newWrites: object;
  readonly oldReads: object;
}

const CHANGES: readonly Change[] = [
  {
    name: 'an optional field added',
    old: 'struct S { 1: i32 a }',
    new: 'struct S { 1: i32 a, 2: optional string b }',
    oldWrites: { a: 1 },
    newReads: { a: 1, b: undefined },
    newWrites: { a: 1, b: 'x' },
    oldReads: { a: 1 },
  },
  {
    name: 'a field with a default added, between others',
    old: 'struct S { 1: bool a, 9: bool c }',
    new: 'struct S { 1: bool a, 5: i32 b = 7, 9: bool c }',
    oldWrites: { a: true, c: false },
    newReads: { a: true, b: 7, c: false },
    newWrites: { a: true, b: 8, c: true },
    oldReads: { a: true, c: true },
  },
  {
    name: 'fields of every type added',
    old: 'struct S { 1: i32 a, 40: i32 z }',
    new: `struct T { 1: bool x } struct S {
      1: i32 a, 2: bool b, 3: i8 c, 4: i16 d, 5: i64 e, 6: double f, 7: string g, 8: binary h, 9: uuid i, 10: T j, 11: list<T> k,
      12: set<bool> l, 13: map<string, list<bool>> m, 14: map<i32, T> n, 40: i32 z
    }`,
    oldWrites: { a: 1, z: 2 },
    newReads: { a: 1, z: 2 },
    newWrites: {
      a: 1, b: false, c: -1, d: 1, e: 1n, f: 0.5, g: 'x', h: Buffer.from('y'), i: '00112233-4455-6677-8899-aabbccddeeff',
      j: { x: true }, k: [{ x: false }, {}], l: [true, false], m: { k: [true], e: [] }, n: { 1: {} }, z: 2,
    }, // prettier-ignore
    oldReads: { a: 1, z: 2 },
  },
  {
    name: 'a field removed',
    old: 'struct S { 1: i32 a, 2: list<string> b, 3: i32 c }',
    new: 'struct S { 1: i32 a, 3: i32 c }',
    oldWrites: { a: 1, b: ['x'], c: 3 },
    newReads: { a: 1, c: 3 },
    newWrites: { a: 1, c: 3 },
    oldReads: { a: 1, b: undefined, c: 3 },
  },
  {
    name: 'a field renamed',
    old: 'struct S { 1: i32 size }',
    new: 'struct S { 1: i32 length }',
    oldWrites: { size: 5 },
    newReads: { length: 5 },
    newWrites: { length: 5 },
    oldReads: { size: 5 },
  },
  {
    name: 'the fields declared in another order',
    old: 'struct S { 1: i32 a, 2: string b, 3: bool c }',
    new: 'struct S { 3: bool c, 1: i32 a, 2: string b }',
    oldWrites: { a: 1, b: 'x', c: false },
    newReads: { c: false, a: 1, b: 'x' },
    newWrites: { a: 1, b: 'x', c: true },
    oldReads: { a: 1, b: 'x', c: true },
  },
  {
    name: 'a required field made optional',
    old: 'struct S { 1: required i32 a, 2: i32 b }',
    new: 'struct S { 1: optional i32 a, 2: i32 b }',
    oldWrites: { a: 1, b: 2 },
    newReads: { a: 1, b: 2 },
    newWrites: { a: 3 },
    oldReads: { a: 3 },
  },
  {
    name: 'a changed default, which each side knows by itself',
    old: 'struct S { 1: i32 a = 1 }',
    new: 'struct S { 1: i32 a = 2 }',
    oldWrites: {},
    newReads: { a: 2 },
    newWrites: {},
    oldReads: { a: 1 },
  },
  {
    name: 'a struct renamed and a shared struct copied',
    old: 'struct P { 1: i32 x } struct S { 1: P a, 2: P b }',
    new: 'struct P { 1: i32 x } struct Q { 1: i32 x, 2: i32 y } struct S { 1: P a, 2: Q b }',
    oldWrites: { a: { x: 1 }, b: { x: 2 } },
    newReads: { a: { x: 1 }, b: { x: 2, y: undefined } },
    newWrites: { a: { x: 1 }, b: { x: 2, y: 3 } },
    oldReads: { a: { x: 1 }, b: { x: 2 } },
  },
  {
    name: 'an enum value added, with unknown values kept as numbers',
    old: 'enum E { A = 1 } struct S { 1: E e, 2: list<E> es, 3: map<E, E> m }',
    new: 'enum E { A = 1, B = 2 } struct S { 1: E e, 2: list<E> es, 3: map<E, E> m }',
    oldWrites: { e: 'A', es: [1], m: { A: 1 } },
    newReads: { e: 1, es: [1], m: new Map([[1, 1]]) },
    newWrites: { e: 'B', es: ['B', 'A', 77], m: { B: -5 } },
    oldReads: { e: 2, es: [2, 1, 77], m: new Map([[2, -5]]) },
  },
  {
    name: 'an i32 replaced by an enum',
    old: 'struct S { 1: i32 e }',
    new: 'enum E { A = 1 } struct S { 1: E e }',
    oldWrites: { e: 5 },
    newReads: { e: 5 },
    newWrites: { e: 'A' },
    oldReads: { e: 1 },
  },
  {
    name: 'a struct turned into a union of the same fields',
    old: 'struct T { 1: i32 a, 2: string b } struct S { 1: T t }',
    new: 'union T { 1: i32 a, 2: string b } struct S { 1: T t }',
    oldWrites: { t: { b: 'x' } },
    newReads: { t: { b: 'x' } },
    newWrites: { t: { a: 1 } },
    oldReads: { t: { a: 1, b: undefined } },
  },
  {
    name: 'a type replaced by a typedef',
    old: 'struct S { 1: map<string, i64> sizes }',
    new: 'typedef i64 Size typedef map<string, Size> Sizes struct S { 1: Sizes sizes }',
    oldWrites: { sizes: { a: 1n } },
    newReads: { sizes: new Map([['a', 1n]]) },
    newWrites: { sizes: { b: 2n } },
    oldReads: { sizes: new Map([['b', 2n]]) },
  },
];

describe.each(PROTOCOLS)('a compatible IDL change in %s', (protocol) => {
  it.each(CHANGES)(
    'a new reader decodes what an old writer sent: $name',
    ({ old, new: changed, oldWrites, newReads }) => {
      expect(structOf(changed, 'S', { protocol }).decode(structOf(old, 'S', { protocol }).encode(oldWrites))).toEqual(
        newReads,
      );
    },
  );

  it.each(CHANGES)(
    'an old reader decodes what a new writer sent: $name',
    ({ old, new: changed, newWrites, oldReads }) => {
      expect(structOf(old, 'S', { protocol }).decode(structOf(changed, 'S', { protocol }).encode(newWrites))).toEqual(
        oldReads,
      );
    },
  );
});

/** Lists each change, both texts, the written value, and the refusal of the reader. */
const BREAKS: readonly [name: string, writer: string, reader: string, value: object, reason: string, path: string][] = [
  ['a new required field', 'struct S { 1: i32 a }', 'struct S { 1: i32 a, 2: required i32 b }', { a: 1 }, 'missing-required', 'b'],
  ['a field of another type', 'struct S { 1: i32 a }', 'struct S { 1: i64 a }', { a: 1 }, 'type-mismatch', 'a'],
  ['a list of another type', 'struct S { 1: list<i32> a }', 'struct S { 1: list<i64> a }', { a: [1] }, 'type-mismatch', 'a'],
  ['a list replaced by a set', 'struct S { 1: list<i32> a }', 'struct S { 1: set<i32> a }', { a: [1] }, 'type-mismatch', 'a'],
  ['a union member the reader lacks', 'union U { 1: i32 a, 2: i32 b } struct S { 1: U u }', 'union U { 1: i32 a } struct S { 1: U u }', { u: { b: 1 } }, 'type-mismatch', 'u'],
]; // prettier-ignore

describe.each(PROTOCOLS)('an incompatible IDL change in %s', (protocol) => {
  it.each(BREAKS)('refuses a struct after an incompatible change: %s', (_name, writer, reader, value, reason, path) => {
    const bytes = structOf(writer, 'S', { protocol }).encode(value);
    expect(codecError(() => structOf(reader, 'S', { protocol }).decode(bytes))).toMatchObject({ reason, path });
  });

  it('decodes an empty list whose element type has changed', () => {
    const bytes = structOf('struct S { 1: list<i32> a }', 'S', { protocol }).encode({ a: [] });
    expect(structOf('struct S { 1: list<i64> a }', 'S', { protocol }).decode(bytes)).toEqual({ a: [] });
  });
});

describe.each(PROTOCOLS)('a changed service over %s', (protocol) => {
  const codec = (idl: string) => createEventCodec([findService(loadSchemaFromText(idl), 'S')], { protocol });
  const old = codec('service S { oneway void run(1: i32 a) }');
  const changed = codec(
    'service B { oneway void stop() } service S extends B { oneway void run(1: i32 a, 2: string b = "none") oneway void more() }',
  );

  it('decodes calls with one argument more or less', () => {
    expect(changed.decode(old.encode({ method: 'run', args: { a: 1 } }))).toMatchObject([
      { args: { a: 1, b: 'none' } },
    ]);
    expect(old.decode(changed.encode({ method: 'run', args: { a: 1, b: 'x' } }))).toMatchObject([{ args: { a: 1 } }]);
  });

  it.each(['more', 'stop'])('refuses a call of an unknown method and names the method: %s', (method) => {
    expect(() => old.decode(changed.encode({ method, args: {} }))).toThrow(MalformedEventError);
    expect(() => old.decode(changed.encode({ method, args: {} }))).toThrow(
      `unknown-method: no service here has a method "${method}"`,
    );
  });
});
