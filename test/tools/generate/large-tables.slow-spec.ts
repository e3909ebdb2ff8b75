import { describe, expect, it } from '@jest/globals';
import type { GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { compile, freshFolder, generateInto, writeFiles } from './harness.js';

/** More rows than the compiler compares with each other. */
const ROWS = 1_100;

const numbers = Array.from({ length: ROWS }, (_, at) => at);
const bits = Array.from({ length: 11 }, (_, bit) => bit);
/** Writes something for each bit of a number. */
const ofBits = (at: number, text: (bit: number) => string): string =>
  bits
    .filter((bit) => (at >> bit) & 1)
    .map(text)
    .join(', ');
const all = (separator: string, text: (at: number) => string): string => numbers.map(text).join(separator);

/** A row of its own shape: its fields are the bits of its number. */
const row = (at: number): string => `{ ${ofBits(at, (bit) => `"f${bit}": ${at}`)} }`;
const flags = (at: number): string => `[${ofBits(at, (bit) => `Flag.F${bit}`)}]`;

const TABLES = `
  enum Flag { ${ofBits(-1, (bit) => `F${bit} = ${bit}`)} }
  enum Code { ${all(',', (at) => `C${at} = ${at}`)} }
  struct Row { ${ofBits(-1, (bit) => `${bit + 1}: optional i32 f${bit}`)} }
  struct Defaults { 1: list<Row> rows = [${all(',', row)}], 2: map<i32, Row> byId = { ${all(',', (at) => `${at}: ${row(at)}`)} } }
  const list<Row> LIST = [${all(',', row)}]
  const list<list<Row>> LISTS = [${all(',', (at) => `[${row(at)}, ${row(at + 1)}]`)}]
  const map<i32, Row> MAP = { ${all(',', (at) => `${at}: ${row(at)}`)} }
  const map<string, map<string, Row>> MAPS = { ${all(',', (at) => `"m${at}": { "k": ${row(at)} }`)} }
  const map<Code, string> TEXTS = { ${all(',', (at) => `Code.C${at}: "text ${at}"`)} }
  const map<string, Code> CODES = { ${all(',', (at) => `"${at}": Code.C${at}`)} }
  const list<list<Flag>> FLAGS = [${all(',', flags)}]
  service Q { oneway void put(1: Defaults defaults) }
`;

/** As many structs, whose fields have annotations of their own. */
const STRUCTS = `
  ${all('\n', (at) => `struct S${at} { ${ofBits(at, (bit) => `${bit + 1}: string f${bit}`)} } (${ofBits(at, (bit) => `b${bit}`)})`)}
  struct All { ${all(',', (at) => `${at + 1}: S${at} s${at}`)} }
  service Q { oneway void put(1: All all) }
`;

describe('a module of tables with more rows of different shapes than the compiler compares', () => {
  it.each<[string, string, GenerateOptions]>([
    ['constants and defaults', TABLES, {}],
    // The codecs of so many structs take the compiler long, and are no table.
    ['the structs of the schema', STRUCTS, { protocols: [] }],
  ])(
    'compiles without errors: %s',
    (_, idl, options) => {
      const folder = freshFolder('large-tables');
      const [file] = writeFiles(folder, { 'large.thrift': idl });
      generateInto(folder, [file!], options);
      expect(compile(folder)).toBe('');
    },
    120_000,
  );
});
