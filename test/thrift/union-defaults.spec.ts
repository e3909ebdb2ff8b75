import { describe, expect, it } from '@jest/globals';
import { codecError, PROTOCOLS, structOf } from './harness.js';

const IDL = `
  struct P { 1: i32 x = 1 }
  union U { 1: list<i32> a = [1, 2], 2: string b, 3: P c }
  union Plain { 1: list<i32> a, 2: string b, 3: P c }
  struct S { 1: U u, 2: U absent = {} }
  struct Both { 1: Two u, 2: Two absent }
  struct Two { 1: list<i32> a, 2: string b, 3: P c, 9: i32 newer }
`;

describe.each(PROTOCOLS)('a union with a default in %s', (protocol) => {
  const codec = structOf(IDL, 'S', { protocol });
  const lenient = structOf(IDL, 'S', { protocol, lenient: true });
  /** Writes any members, as runtimes of Apache do, which set the default in the constructor. */
  const wire = (u: object): Buffer => structOf(IDL, 'Both', { protocol }).encode({ u });
  const read = (u: object, by = codec): unknown => (by.decode(wire(u)) as { u: unknown }).u;

  it.each<[what: string, wire: object, union: object]>([
    ['nothing', {}, { a: [1, 2] }],
    ['the default alone', { a: [1, 2] }, { a: [1, 2] }],
    ['the default beside a member', { a: [1, 2], b: 'x' }, { b: 'x' }],
    ['the default beside a struct', { a: [1, 2], c: { x: 5 } }, { c: { x: 5 } }],
    ['the member of the default', { a: [3] }, { a: [3] }],
    ['another member', { b: 'x' }, { b: 'x' }],
  ])('reads %s', (_what, written, union) => {
    expect(read(written)).toEqual(union);
    expect(read(written, lenient)).toEqual(union);
  });

  it('reads the default behind another member too', () => {
    const reversed = structOf('struct S { 1: R u } struct R { 2: string b, 11: i32 x, 1: list<i32> a }', 'S', {
      protocol,
    });
    const bytes = reversed.encode({ u: { a: [1, 2], b: 'x' } });
    expect((codec.decode(bytes) as { u: unknown }).u).toEqual({ b: 'x' });
  });

  it('refuses two members of which none is the default', () => {
    expect(codecError(() => read({ a: [9], b: 'x' })).reason).toBe('type-mismatch');
    expect(codecError(() => read({ b: 'x', c: {} })).reason).toBe('type-mismatch');
  });

  it('refuses the default beside a member that only a newer IDL declares', () => {
    for (const written of [{ newer: 1 }, { a: [1, 2], newer: 1 }]) {
      expect(codecError(() => read(written)).detail).toBe('the union U has no member that the IDL declares');
      expect(read(written, lenient)).toEqual({ a: [1, 2] });
    }
  });

  it('makes a new default for each union', () => {
    const [one, other] = [read({}), read({})] as { a: number[] }[];
    one!.a.push(7);
    expect(other).toEqual({ a: [1, 2] });
    expect((codec.decode(wire({ b: 'x' })) as { absent: unknown }).absent).toEqual({ a: [1, 2] });
  });

  it.each<[what: string, given: object, written: object]>([
    ['nothing as the default', {}, { a: [1, 2] }],
    ['the default alone', { a: [1, 2] }, { a: [1, 2] }],
    ['a member without the default beside it', { a: [1, 2], b: 'x' }, { b: 'x' }],
    ['null as not set', { a: null, b: 'x' }, { b: 'x' }],
  ])('writes %s, always one member', (_what, given, written) => {
    expect(codec.encode({ u: given })).toEqual(codec.encode({ u: written }));
    expect(codec.encode({ u: given })).toEqual(wire(written));
  });

  it('refuses to write two members of which none is the default, and unknown fields', () => {
    expect(codecError(() => codec.encode({ u: { a: [9], b: 'x' } })).reason).toBe('not-one-member');
    expect(codecError(() => codec.encode({ u: { bb: 'x' } })).reason).toBe('unknown-field');
  });

  it('leaves unions without a default as they were', () => {
    const plain = structOf(`${IDL} struct T { 1: Plain u }`, 'T', { protocol });
    expect(codecError(() => plain.encode({ u: {} })).reason).toBe('not-one-member');
    expect(codecError(() => plain.decode(wire({}))).reason).toBe('type-mismatch');
  });
});
