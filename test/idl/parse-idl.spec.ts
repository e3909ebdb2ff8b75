import { describe, expect, it } from '@jest/globals';
import { loadSchema, loadSchemaFromText, type ParseOptions } from '../../lib/idl/load-schema.js';
import type { ConstValue } from '../../lib/idl/schema.js';
import { errorOf, fixture } from './support.js';

function constant(text: string, name = 'A'): ConstValue | undefined {
  return loadSchemaFromText(text).constants.get(`inline.${name}`)?.value;
}

function ids(text: string, options: ParseOptions = {}): [string, number][] {
  const fields = loadSchemaFromText(text, options).structs.get('inline.S')?.fields ?? [];
  return fields.map(({ name, id }) => [name, id]);
}

describe('constants', () => {
  it.each<[string, ConstValue]>([
    ['const i32 A = true', 1],
    ['const bool A = 2', true],
    ['const i32 A = +0x1F', 31],
    ['const i64 A = -0x7fffffffffffffff', -(2n ** 63n - 1n)],
    ['const double A = 1e3', 1000],
    ['const double A = 1e999', Infinity],
    ['const list<double> A = [1.5.5-2e1]', [1.5, 0.5, -20]],
    ["const string A = '\ta\rb'", '\ta\rb'],
    ["const string A = '// no comment # here /* or there'", '// no comment # here /* or there'],
    ['const string A = "😀"', '😀'],
    ['const i32 e10 = 10 const i32 A = e10', 10],
    ['const bool T = true const i32 A = T', 1],
    ['const binary B = "x" const string A = B', 'x'],
    ['const string B = "x" const binary A = B', Buffer.from('x')],
    ['const list<i32> B = [1] const list<i32> A = B', [1]],
    ['struct P { 1: i32 x } const P B = {"x": 1} const map<string, P> A = {"p": B}', new Map([['p', { x: 1 }]])],
    ['enum E { X, Y } const E B = E.Y const E A = B', 1],
    ['enum E { X, Y } typedef E F const F A = F.Y', 1],
    ['enum E { X, Y } const double A = E.Y', 1],
    ['enum E { X, Y } const map<E, set<E>> A = {E.X: [E.Y, 0]}', new Map([[0, new Set([1, 0])]])],
    ['exception X { 1: i64 a } const X A = {"a": 5}', { a: 5n }],
    ['union U { 1: i32 a, 2: i32 b } const U A = {"b": 5}', { b: 5 }],
    ['struct P { 1: P p, 2: i32 x } const P A = {"p": {"p": {}, "x": 1}}', { p: { p: {}, x: 1 } }],
    ['const list<i32> A = {}', []],
  ])('parses the constant A in: %s', (text, value) => {
    expect(constant(text)).toStrictEqual(value);
  });

  it('keeps a field called __proto__ as a plain key', () => {
    const value = constant('struct P { 1: i32 __proto__ } const P A = {"__proto__": 1}');
    expect(Object.entries(value ?? {})).toEqual([['__proto__', 1]]);
  });
});

describe('old syntax', () => {
  const schema = loadSchema(fixture('old-syntax.thrift'));
  const fieldIds = (id: string) => schema.structs.get(id)?.fields.map((field) => [field.name, field.id]);

  it('numbers fields without ids downwards from -1', () => {
    expect(fieldIds('old-syntax.Order')).toEqual([
      ['number', -1],
      ['customer', -2],
      ['raw', -3],
      ['extra', -4],
      ['note', -5],
    ]);
    expect(fieldIds('old-syntax.Desk.place_args')).toEqual([
      ['order', -1],
      ['comment', -2],
    ]);
  });

  it('parses byte, cpp_type, xsd keywords and async', () => {
    const order = schema.structs.get('old-syntax.Order');
    expect(order?.fields[2]?.type).toEqual({ kind: 'list', element: { kind: 'i8' } });
    expect(order?.fields[4]).toMatchObject({ defaultValue: 'none', annotations: { old: '1' } });
    const functions = schema.services.get('old-syntax.Desk')?.functions;
    expect(functions?.get('place')?.oneway).toBe(true);
    expect(functions?.get('numbers')?.returns).toEqual({ kind: 'set', element: { kind: 'i32' } });
  });

  it('treats field ids of 0 and below like the compiler, with and without allowNegativeFieldIds', () => {
    const text = 'struct S { 0: i32 zero, -5: i32 five, i32 next, 7: i32 seven }';
    expect(ids(text)).toEqual([
      ['zero', -1],
      ['five', -2],
      ['next', -3],
      ['seven', 7],
    ]);
    expect(ids(text, { allowNegativeFieldIds: true })).toEqual([
      ['zero', 0],
      ['five', -5],
      ['next', -6],
      ['seven', 7],
    ]);
  });

  it('accepts field ids from -32768 to 32767', () => {
    expect(ids('struct S { -32768: i8 a, 32767: i8 b }', { allowNegativeFieldIds: true })).toEqual([
      ['a', -32768],
      ['b', 32767],
    ]);
  });
});

describe('comments', () => {
  it.each<[string, string, string | undefined]>([
    ['one line', '/** One. */', 'One.'],
    ['stars in front', '/**\n   * One.\n   *   Two.\n   *\n   * Three.\n   */', 'One.\n  Two.\n\nThree.'],
    ['no stars', '/**\n    One.\n      Two.\n  */', 'One.\n  Two.'],
    ['text on the first line', '/** One.\r\n  * Two.\r\n  */', 'One.\nTwo.'],
    ['the last of several', '/** One. */ /** Two. */', 'Two.'],
    ['other comments between', '/** One. */ // x\n # y\n /* z */', 'One.'],
    ['an ordinary comment', '/* One. */', undefined],
    ['a ruler', '/*******/', undefined],
    ['an empty comment', '/**/', undefined],
    ['a blank comment', '/** \n * \n */', undefined],
  ])('reads the documentation of a struct from comments: %s', (_, comment, doc) => {
    expect(loadSchemaFromText(`${comment}\nstruct S {}`).structs.get('inline.S')?.doc).toBe(doc);
  });

  it('attaches a doc comment to the definition that follows the comment', () => {
    const schema = loadSchemaFromText('struct S { 1: i32 a, /** b */ 2: i32 b /** none */ } struct T {}');
    expect(schema.structs.get('inline.S')?.fields.map(({ doc }) => doc)).toEqual([undefined, 'b']);
    expect(schema.structs.get('inline.T')?.doc).toBeUndefined();
  });

  it('parses an empty text and a text of comments with a byte order mark', () => {
    for (const text of ['', '\uFEFF', '\uFEFF# x', '// x', '/* x */\n']) {
      expect(loadSchemaFromText(text).structs.size).toBe(0);
    }
    expect(errorOf(() => loadSchemaFromText('struct S {}\uFEFF')).code).toBe('syntax');
  });
});

describe('nesting', () => {
  const lists = (depth: number) => `struct S { 1: ${'list<'.repeat(depth)}i32${'>'.repeat(depth)} a }`;
  const values = (depth: number) => `struct S { 1: i32 a = ${'['.repeat(depth)}${']'.repeat(depth)} }`;
  const typedefs = (count: number) =>
    Array.from({ length: count }, (_, i) => `typedef list<T${i + 1}> T${i}`).join('\n') + `\ntypedef i32 T${count}`;

  it('accepts 200 levels of nested types', () => {
    expect(ids(lists(200))).toEqual([['a', 1]]);
  });

  it.each([
    ['types', lists(201)],
    ['many types', lists(100_000)],
    ['constants', values(100_000)],
    ['typedefs', typedefs(20_000)],
  ])('refuses more than 200 levels of nesting in %s', (_, text) => {
    expect(errorOf(() => loadSchemaFromText(text)).code).toBe('too-deep');
  });
});
