import { describe, expect, it } from '@jest/globals';
import { createEventCodec } from '../../../lib/event/event-codec.js';
import { IdlError } from '../../../lib/idl/errors.js';
import { findService } from '../../../lib/idl/find-service.js';
import { loadSchemaFromText } from '../../../lib/idl/load-schema.js';
import { generateModules } from '../../../lib/tools/generate/generate-modules.js';
import { freshFolder, moduleOf, writeFiles } from './harness.js';

const LARGEST = 2n ** 53n - 1n;

/** Every place where an i64 can stand. `@` marks the value. */
const PLACES: readonly (readonly [place: string, idl: string])[] = [
  ['a constant', 'const i64 A = @'],
  ['a typedef', 'typedef i64 T\nconst T A = @'],
  ['a list', 'const list<i64> A = [1,\n  @]'],
  ['a set', 'const set<i64> A = [@]'],
  ['the key of a map', 'const map<i64, string> A = { @: "x" }'],
  ['the value of a map', 'const map<string, list<i64>> A = { "x": [@] }'],
  ['a struct', 'struct S { 1: i64 a }\nconst S A = { "a": @ }'],
  ['a union', 'union U { 1: i64 a, 2: string b }\nconst list<U> A = [{ "a": @ }]'],
  ['the default of a field', 'struct S {\n  1: i64 a = @\n}'],
  ['the default of a required field', 'exception S { 1: required i64 a = @ }'],
  ['the default of a union', 'union U { 1: i64 a = @ }'],
  ['a default in a default', 'struct S { 1: i64 a } struct T { 1: map<string, S> s = { "k": { "a": @ } } }'],
  ['the default of an argument', 'service Q { oneway void f(1: i64 a = @) }'],
  ['the default of an argument with a result', 'service Q { i32 f(1: list<i64> a = [@]) }'],
];

const filled = (idl: string, value: bigint): string => idl.replace('@', String(value));

describe('a module with numbers for i64', () => {
  it.each(PLACES)('refuses a value that no number holds, with its place: %s', (_, idl) => {
    const before = idl.slice(0, idl.indexOf('@')).split('\n');
    for (const value of [LARGEST + 1n, -LARGEST - 1n, LARGEST + 2n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      const generate = (): string => moduleOf(filled(idl, value), { i64: 'number' });
      expect(generate).toThrow(IdlError);
      expect(generate).toThrow(
        expect.objectContaining({
          code: 'bad-constant',
          file: expect.stringMatching(/one\.thrift$/),
          line: before.length,
          column: before.at(-1)!.length + 1,
          message: expect.stringContaining(`no number holds the i64 ${value} exactly: read i64 as bigint`),
        }),
      );
    }
  });

  it.each(PLACES)('accepts the largest and the smallest number: %s', (_, idl) => {
    for (const value of [LARGEST, -LARGEST]) {
      expect(() => moduleOf(filled(idl, value), { i64: 'number' })).not.toThrow();
    }
  });

  it.each(PLACES)('keeps every value as a bigint by default: %s', (_, idl) => {
    expect(() => moduleOf(filled(idl, 2n ** 63n - 1n))).not.toThrow();
  });

  it('leaves a double beyond that range alone', () => {
    const text = moduleOf('const double A = 9007199254740993', { i64: 'number' });
    expect(text).toContain('export const A: number = 9007199254740992;');
  });

  it('refuses a value of an included file with the place in that file, and not the reference to it', () => {
    const [root] = writeFiles(freshFolder('i64'), {
      'root.thrift': 'include "base.thrift"\nconst i64 A = base.B',
      'base.thrift': '\nconst i64 B = 9007199254740993',
    });
    expect(() => generateModules([root!], { i64: 'number' })).toThrow(
      expect.objectContaining({ file: expect.stringMatching(/base\.thrift$/), line: 2, column: 15 }),
    );
  });
});

describe('a codec of a loaded service with numbers for i64', () => {
  const codecOf = (idl: string, i64: 'number' | 'bigint'): (() => unknown) => {
    const service = findService(loadSchemaFromText(idl), 'Q');
    return () => createEventCodec([service], { i64 });
  };

  it.each([
    ['struct S { 1: list<i64> a = [@] } service Q { oneway void f(1: S s) }', 'inline.S.a'],
    ['union U { 1: i64 a = @ } service Q { oneway void f(1: list<U> us) }', 'inline.U.a'],
    ['service Q { oneway void f(1: i64 a = @) }', 'inline.Q.f_args.a'],
  ])('names the field whose default no number holds: %s', (idl, field) => {
    expect(codecOf(filled(idl, LARGEST + 1n), 'number')).toThrow(
      `the default of ${field}: the option i64: 'number' cannot hold 9007199254740992 exactly; read i64 as 'bigint'`,
    );
    expect(codecOf(filled(idl, LARGEST), 'number')).not.toThrow();
    expect(codecOf(filled(idl, LARGEST + 1n), 'bigint')).not.toThrow();
  });

  it('ignores defaults that no oneway method reaches', () => {
    const idl = `struct S { 1: i64 a = ${LARGEST + 1n} } service Q { oneway void f(), S g(1: S s) }`;
    expect(codecOf(idl, 'number')).not.toThrow();
  });
});
