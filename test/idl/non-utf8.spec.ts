import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadSchema, loadSchemaFromText } from '#lib/idl/load-schema.js';

const folder = mkdtempSync(join(tmpdir(), 'non-utf8-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads an IDL file whose text has a Latin-1 byte in place of each `§`. */
function load(text: string): unknown {
  const file = join(folder, 'x.thrift');
  const parts = text.split('§').map((part) => Buffer.from(part));
  writeFileSync(file, Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from([0xe9]), part]))));
  return loadSchema(file);
}

describe('an IDL file with bytes that are not UTF-8', () => {
  it.each<[place: string, text: string, at: string]>([
    ['a constant', 'const string A = "caf§"', '1:22'],
    ['a default behind other text', 'struct S {\n  1: string a = "ü§"\n}', '2:19'],
    ['an annotation', 'struct S {} (a = "§")', '1:19'],
    ['a key of a map', 'const map<string, i32> M = { "§": 1 }', '1:31'],
    ['a namespace', 'namespace js §', '1:14'],
    ['an include', 'include "§.thrift"', '1:10'],
    ['a name', 'struct §tat {}', '1:8'],
  ])('is refused with line and column: %s', (_place, text, at) => {
    expect(() => load(text)).toThrow(`:${at}`);
    expect(() => load(text)).toThrow('the byte 0xE9 is not UTF-8: save the file as UTF-8');
  });

  it('loads if comments alone hold such bytes', () => {
    expect(load('// caf§\n/** ét§ */ struct S { 1: string a = "ü" } # §')).toMatchObject({ program: 'x' });
  });

  it('keeps U+FFFD and characters beyond the basic plane', () => {
    const { constants } = loadSchemaFromText('const string A = "\ufffd\u{1f600}"');
    expect(constants.get('inline.A')).toMatchObject({ value: '\ufffd\u{1f600}' });
    expect(() => loadSchemaFromText('const string A = "\ud800"')).toThrow('a lone surrogate');
  });
});
