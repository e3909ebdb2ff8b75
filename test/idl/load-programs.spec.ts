import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findService } from '../../lib/idl/find-service.js';
import { memoryFiles } from '../../lib/idl/idl-files.js';
import { loadPrograms } from '../../lib/idl/load-programs.js';
import { loadSchema, loadSchemaFromText } from '../../lib/idl/load-schema.js';
import { errorOf, fixture } from './support.js';

describe('includes on disk', () => {
  it('finds an include next to the including file', () => {
    const schema = loadSchema(fixture('left/shared.thrift'));
    expect(schema.files).toEqual([fixture('left/shared.thrift'), fixture('right/shared.thrift')]);
  });

  it('gives included files of the same name different ids', () => {
    const schema = loadSchema(fixture('twins.thrift'));
    expect([...schema.structs.keys()]).toEqual([
      'shared~2.Item',
      'shared~2.Store.put_args',
      'shared.Item',
      'twins.Twins.pair_args',
    ]);
    expect(schema.structs.get('shared.Item')?.fields[0]?.type).toEqual({ kind: 'struct', id: 'shared~2.Item' });
    // The later include wins, as in Apache's compiler.
    expect(schema.structs.get('twins.Twins.pair_args')?.fields[0]?.type).toEqual({
      kind: 'struct',
      id: 'shared~2.Item',
    });
    expect(findService(schema, 'shared~2.Store').file).toBe(fixture('right/shared.thrift'));
  });

  it('searches includeDirs in order after the folder of the including file', () => {
    const file = fixture('needs-vendor.thrift');
    const vendor = fixture('vendor');
    const schema = loadSchema(file, { includeDirs: [fixture('left'), vendor] });
    expect(schema.files).toEqual([file, path.join(vendor, 'vendor.thrift')]);
    expect(schema.structs.get('needs-vendor.Machine')?.fields[0]?.type).toEqual({
      kind: 'list',
      element: { kind: 'struct', id: 'vendor.Part' },
    });
  });

  it('lists the paths tried for a missing include', () => {
    const error = errorOf(() => loadSchema(fixture('needs-vendor.thrift'), { includeDirs: [fixture('left')] }));
    expect(error.code).toBe('file-not-found');
    expect([error.line, error.column]).toEqual([2, 26]);
    expect(error.message).toContain(
      'unknown type "vendor.Part": the include "vendor.thrift" was not found, ' +
        `tried ${fixture('vendor.thrift')}, ${fixture('left/vendor.thrift')}`,
    );
  });

  it('loads a file once when a link and an absolute path include the file', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'idl-'));
    try {
      const real = path.join(directory, 'real.thrift');
      writeFileSync(real, 'struct S {}');
      symlinkSync(real, path.join(directory, 'link.thrift'));
      const root = path.join(directory, 'root.thrift');
      writeFileSync(root, `include "link.thrift" include "${real}" struct R { 1: real.S s }`);
      expect(loadSchema(root).files.map((file) => path.basename(file))).toEqual(['root.thrift', 'real.thrift']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('prints error paths below the current directory as relative paths', () => {
    const error = errorOf(() => loadSchema(fixture('needs-vendor.thrift')));
    expect(error.message).toMatch(/^test\/idl\/fixtures\/needs-vendor\.thrift:2:26: /);
    expect(error.file).toBe(fixture('needs-vendor.thrift'));
  });
});

describe('includes in memory', () => {
  it('finds an include in memory by relative path or by name', () => {
    const schema = loadSchemaFromText('include "b/b.thrift" include "c.thrift" struct A { 1: b.B b, 2: c.C c }', {
      fileName: 'x/a.thrift',
      includes: new Map([
        ['x/b/b.thrift', 'include "../d.thrift" struct B { 1: d.D d }'],
        ['x/d.thrift', 'struct D {}'],
        ['c.thrift', 'struct C {}'],
      ]),
    });
    expect(schema.files).toEqual(['x/a.thrift', 'x/b/b.thrift', 'x/d.thrift', 'c.thrift']);
    expect([...schema.structs.keys()]).toEqual(['d.D', 'b.B', 'c.C', 'a.A']);
  });

  it('reads a file once when several files include the file', () => {
    const root = 'include "b.thrift" include "c.thrift" include "b.thrift"';
    const texts = { 'b.thrift': 'include "c.thrift" enum B { X }', 'c.thrift': 'const i32 C = 1 enum E { Y }' };
    const files = memoryFiles(new Map(Object.entries(texts)));
    const reads: string[] = [];
    const read = (file: string) => {
      reads.push(file);
      return files.read(file);
    };
    const programs = loadPrograms({ ...files, read }, 'a.thrift', root, false);
    expect(reads).toEqual(['b.thrift', 'c.thrift']);
    expect(programs.map(({ source }) => source.file)).toEqual(['a.thrift', 'b.thrift', 'c.thrift']);
    expect(loadSchemaFromText(root, { includes: texts }).files).toEqual(['inline.thrift', 'b.thrift', 'c.thrift']);
  });

  it('makes the names of an include visible only to the including file', () => {
    const includes = { 'b.thrift': 'include "c.thrift"', 'c.thrift': 'struct C {}' };
    const error = errorOf(() => loadSchemaFromText('include "b.thrift" struct A { 1: c.C c }', { includes }));
    expect(error.code).toBe('unknown-type');
  });

  it('reports a syntax error with the position in the included file', () => {
    const includes = { 'b.thrift': '\n oops' };
    const error = errorOf(() => loadSchemaFromText('include "b.thrift"', { includes }));
    expect([error.file, error.line, error.column]).toEqual(['b.thrift', 2, 2]);
  });

  it('ignores a missing include when the IDL uses no name of the include', () => {
    expect(loadSchemaFromText('include "gone.thrift" struct A {}').files).toEqual(['inline.thrift']);
  });

  it('gives distinct ids to files whose names are prefixes of one another', () => {
    const schema = loadSchemaFromText('include "a.b.thrift" service b { void c() }', {
      fileName: 'a.thrift',
      includes: { 'a.b.thrift': 'namespace java ab struct c_args { 1: i32 x }' },
    });
    expect([...schema.structs.keys()]).toEqual(['a~2.b.c_args', 'a.b.c_args']);
  });

  it('accepts the same struct name in an include with another namespace', () => {
    const includes = { 'b.thrift': 'namespace java b struct S {}' };
    const schema = loadSchemaFromText('include "b.thrift" namespace java a struct S {}', { includes });
    expect([...schema.structs.keys()]).toEqual(['b.S', 'inline.S']);
  });

  it('refuses includes that form a cycle', () => {
    const includes = { 'b.thrift': 'include "c.thrift"', 'c.thrift': '\ninclude "b.thrift"' };
    const error = errorOf(() => loadSchemaFromText('include "b.thrift"', { includes }));
    expect(error.code).toBe('include-cycle');
    expect(error.message).toBe(
      'c.thrift:2:9: files include one another: b.thrift -> c.thrift -> b.thrift\n' +
        '  include "b.thrift"\n          ^',
    );
    expect(errorOf(() => loadSchemaFromText('include "inline.thrift"')).code).toBe('include-cycle');
  });

  it('refuses includes that nest too deeply', () => {
    const includes = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`f${i}.thrift`, `include "f${i + 1}.thrift"`]),
    );
    expect(errorOf(() => loadSchemaFromText('include "f0.thrift"', { includes })).code).toBe('too-deep');
  });
});
