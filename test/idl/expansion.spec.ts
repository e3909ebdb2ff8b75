import { describe, expect, it } from '@jest/globals';
import { loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { errorOf } from './support.js';

/** So many lines, each made of the number of the one before and its own. */
const chain = (count: number, line: (before: number, at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at, at + 1)).join('\n');

const SERVICE = 'service S { oneway void m(1: T a) }';
const TYPES = `the names of typedefs expand to more than 100000 parts`;
const VALUES = `the names of constants and defaults expand to more than 500000 parts`;

describe('an IDL that expands to more than memory holds', () => {
  it.each([
    ['typedefs', `typedef string T0\n${chain(40, (a, b) => `typedef map<T${a}, T${a}> T${b}`)}\ntypedef T40 T`, TYPES],
    [
      'constants',
      `typedef string T0\nconst T0 K0 = ""\n${chain(16, (a, b) => `typedef list<T${a}> T${b}`)}\n` +
        `${chain(16, (a, b) => `const T${b} K${b} = [K${a}, K${a}, K${a}]`)}\ntypedef T16 T`,
      VALUES,
    ],
    [
      'constants that are defaults',
      `struct P0 { 1: i32 a = 1, 2: i32 b = 2 }\nconst P0 K0 = {}\n` +
        chain(40, (a, b) => `struct P${b} { 1: P${a} a = K${a}, 2: P${a} b = K${a} }\nconst P${b} K${b} = {}`) +
        '\ntypedef P40 T',
      VALUES,
    ],
    [
      'defaults of defaults',
      `struct P0 { 1: i32 a = 1 }\n${chain(40, (a, b) => `struct P${b} { 1: P${a} a = {}, 2: P${a} b = {} }`)}\ntypedef P40 T`,
      VALUES,
    ],
    [
      'defaults of unions',
      `union P0 { 1: i32 a = 1 }\n${chain(40, (a, b) => `union P${b} { 1: list<P${a}> a = [{}, {}] }`)}\ntypedef P40 T`,
      VALUES,
    ],
    [
      'long texts',
      `const string K = "${'x'.repeat(100_000)}"\nstruct T {\n${chain(200, (_, b) => `${b}: string f${b} = K`)}\n}`,
      VALUES,
    ],
  ])('refuses an IDL whose expansion is too large: %s', (_, idl, message) => {
    const error = errorOf(() => loadSchemaFromText(`${idl}\n${SERVICE}`));
    expect(error.code).toBe('too-large');
    expect(error.message.split('\n')[0]).toContain(message);
    expect(error.line).toBeGreaterThan(1);
  });

  it('accepts a large type and a large table used in many places', () => {
    const table = Array.from({ length: 1_000 }, (_, at) => `{"a": "row ${at}"}`).join(', ');
    const fields = chain(100, (_, b) => `${2 * b}: Table t${b} = TABLE, ${2 * b + 1}: Deep d${b}`);
    const idl = `struct Row { 1: string a, 2: bool b = true }
      typedef list<Row> Table
      const Table TABLE = [${table}]
      typedef map<string, map<string, list<set<i64>>>> Deep
      struct T { ${fields} }`;
    const { structs, constants } = loadSchemaFromText(`${idl}\n${SERVICE}`);
    expect(structs.get('inline.T')!.fields).toHaveLength(200);
    expect(constants.size).toBe(1);
  });
});
