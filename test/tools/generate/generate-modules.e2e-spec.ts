import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generateModules } from '../../../lib/tools/generate/generate-modules.js';
import type { GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { FIXTURES, INCLUDE_DIRS, freshFolder, moduleOf, writeFiles } from './harness.js';

describe('generated modules', () => {
  it('differ in one line when a field is renamed', () => {
    const field = (name: string): string[] =>
      moduleOf(`struct S { 1: i32 a, 2: i32 ${name}, 3: i32 c } const list<i32> L = [1, 2, 3]`).split('\n');
    const [short, long] = [field('b'), field('b'.repeat(200))];
    expect(long).toHaveLength(short.length);
    const changed = long.filter((line, at) => line !== short[at]);
    expect(changed.map((line) => line.trim().split(/[?:]/)[0])).toEqual(['b'.repeat(200), 'b'.repeat(200)]);
  });

  it('generates identical modules on every run without the path of the current directory', () => {
    const generate = (): unknown => generateModules(FIXTURES, { includeDirs: INCLUDE_DIRS });
    const first = generate();
    expect(generate()).toEqual(first);
    expect(JSON.stringify(first)).not.toContain(process.cwd());
  });

  it('generates the same module for an included file as for the file given directly', () => {
    const folder = freshFolder('includes');
    const [user, used] = writeFiles(folder, {
      'user.thrift': 'include "sub/shared.thrift"\ninclude "shared.thrift"\nstruct U { 1: shared.S s }',
      'sub/shared.thrift': 'struct T { 1: i32 x }\nservice V { oneway void f(1: T t) }',
      'shared.thrift': 'struct S { 1: i32 x }',
    });
    const all = generateModules([user!]);
    expect(all.map(({ path }) => path)).toEqual(['shared.ts', 'sub/shared.ts', 'user.ts']);
    expect(generateModules([user!, used!])).toEqual(all);
    const alone = generateModules([used!])[0]!;
    expect(alone.path).toBe('shared.ts');
    expect(alone.text).toBe(all[1]!.text.replaceAll('sub/shared.thrift', 'shared.thrift'));
  });

  it('starts each module with a header that names the command and the IDL file', () => {
    expect(moduleOf('struct S {}').split('\n').slice(0, 3)).toEqual([
      '// Made by "nestjs-sqs-thrift generate" from one.thrift: change that file and run the command again.',
      '// @generated',
      '/* eslint-disable */',
    ]);
  });

  it('generates an empty module for an IDL without declarations', () => {
    expect(moduleOf('namespace java x')).toMatch(/\nexport \{\};\n$/);
  });
});

describe('the path of a module', () => {
  const files = {
    'idl/a.thrift': 'include "../common/c.thrift"\ninclude "b/b.thrift"\nstruct A { 1: c.C c, 2: b.B b }',
    'idl/b/b.thrift': 'struct B {}',
    'common/c.thrift': 'struct C {}',
    'idl/x.d.thrift': 'service X {}',
  };
  const paths = (given: readonly string[], options: GenerateOptions = {}): string[] => {
    const folder = freshFolder('places');
    writeFiles(folder, files);
    const dirs = (options.includeDirs ?? []).map((dir) => join(folder, dir));
    const modules = generateModules(
      given.map((file) => join(folder, file)),
      { ...options, includeDirs: dirs },
    );
    return modules.map(({ path }) => path);
  };

  it.each<[string, string[], GenerateOptions, string[]]>([
    ['the bare file name outside of the given folder', ['idl/a.thrift'], {}, ['a.ts', 'b/b.ts', 'c.ts']],
    [
      'the path below the outermost folder',
      ['idl/a.thrift'],
      { includeDirs: ['.'] },
      ['common/c.ts', 'idl/a.ts', 'idl/b/b.ts'],
    ],
    [
      'the path below the common folder',
      ['idl/a.thrift', 'common/c.thrift'],
      {},
      ['common/c.ts', 'idl/a.ts', 'idl/b/b.ts'],
    ],
    ['a name that is no declaration file', ['idl/x.d.thrift'], {}, ['x_d.ts']],
  ])('derives the path of a module: %s', (_, given, options, expected) => {
    expect(paths(given, options)).toEqual(expected);
  });

  it('refuses two IDL files with the same module path', () => {
    const folder = freshFolder('clash');
    const [root] = writeFiles(folder, {
      'idl/a.thrift': 'include "../one/c.thrift"\ninclude "../two/C.thrift"\nstruct A { 1: i32 x }',
      'one/c.thrift': 'struct S {}',
      'two/C.thrift': 'struct T {}',
    });
    expect(() => generateModules([root!])).toThrow(/one\/c\.thrift and .*two\/C\.thrift would both become C\.ts: /);
  });
});
