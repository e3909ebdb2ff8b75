import { existsSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { generateModules } from '../../../../lib/tools/generate/generate-modules.js';
import { freshFolder, writeFiles } from '../../generate/harness.js';
import { CommandLine, MAIN, type Ended } from '../harness.js';

const IDL = {
  'idl/a.thrift': 'include "b.thrift"\nservice A { oneway void f(1: b.B b) }',
  'idl/b.thrift': 'struct B {}',
};

let folder: string;
let line: CommandLine;

beforeEach(() => {
  folder = freshFolder('cli');
  writeFiles(folder, IDL);
  line = CommandLine.withoutSqs(folder);
});

const cli = (...args: string[]): Promise<Ended> => line.run(args);

describe('generate', () => {
  it('writes a module for each IDL file and each included file', async () => {
    expect(await line.runAlone(['generate', 'idl/a.thrift', '--out', 'out'])).toEqual({
      status: 0,
      stdout: 'written: out/a.ts\nwritten: out/b.ts',
      stderr: '',
    });
    for (const { path, text } of generateModules([join(folder, 'idl/a.thrift')])) {
      expect(readFileSync(join(folder, 'out', path), 'utf8')).toBe(text);
    }
  });

  it('keeps a module file that would not change', async () => {
    await cli('generate', 'idl/a.thrift', '--out', 'out');
    const file = join(folder, 'out', 'a.ts');
    utimesSync(file, 1, 1);
    expect((await cli('generate', 'idl/a.thrift', '--out', 'out')).stdout).toBe(
      'unchanged: out/a.ts\nunchanged: out/b.ts',
    );
    expect(statSync(file).mtimeMs).toBe(1000);
  });

  it('reports missing and outdated modules without writing with --check', async () => {
    expect(await cli('generate', 'idl/a.thrift', '--out', 'out', '--check')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'missing: out/a.ts\nmissing: out/b.ts',
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
    await cli('generate', 'idl/a.thrift', '--out', 'out');
    expect(await cli('generate', 'idl/a.thrift', '--out', 'out', '--check')).toEqual({
      status: 0,
      stdout: '2 modules are up to date',
      stderr: '',
    });
    writeFiles(folder, { 'idl/b.thrift': 'struct B { 1: i32 x }' });
    const { status, stderr } = await cli('generate', 'idl/a.thrift', '--out', 'out', '--check');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'out of date: out/a.ts\nout of date: out/b.ts' });
  });

  it.each<[string, string[], RegExp, RegExp | undefined]>([
    ['--declare-only', ['--declare-only'], /export interface AClient/, /^(function|const|export const) /m],
    ['--protocols', ['--protocols', 'compact,binary'], /function binaryCodecs[^]*function compactCodecs/, undefined],
    ['binary alone by default', [], /function binaryCodecs/, /compactCodecs/],
    ['--i64 number', ['--i64', 'number'], /i64: 'number', codecs: binaryCodecs/, undefined],
    ['--enums const', ['--enums', 'const'], /export const E = \{/, /\benum E/],
    ['enums by default', [], /export enum E \{/, undefined],
    ['--import-extension none', ['--import-extension', 'none'], /from '.\/b';/, /\.js'/],
    ['--import-extension ts', ['--import-extension', 'ts'], /from '.\/b.ts';/, /\.js'/],
    ['.js in imports by default', [], /from '.\/b.js';/, undefined],
    ['--allow-neg-keys', ['--allow-neg-keys'], /id: -7,/, undefined],
    ['without --allow-neg-keys', [], /id: -1,/, /id: -7,/],
  ])('generates code according to the options: %s', async (_, flags, present, absent) => {
    writeFiles(folder, {
      'idl/a.thrift': 'include "b.thrift"\nenum E { X }\nservice A { oneway void f(-7: i64 b, 8: b.B c) }',
    });
    expect((await cli('generate', 'idl/a.thrift', '--out', 'out', ...flags)).status).toBe(0);
    const text = readFileSync(join(folder, 'out', 'a.ts'), 'utf8');
    expect(text).toMatch(present);
    if (absent) expect(text).not.toMatch(absent);
  });

  it('accepts --include-dir more than once', async () => {
    writeFiles(folder, {
      'idl/a.thrift': 'include "d.thrift"\nstruct A { 1: d.D d }',
      'more/d.thrift': 'struct D {}',
      'none/x': '',
    });
    const result = await cli(
      'generate',
      'idl/a.thrift',
      '--out',
      'out',
      '--include-dir',
      'none',
      '--include-dir',
      'more',
    );
    expect(result.stdout).toBe('written: out/a.ts\nwritten: out/d.ts');
  });

  it.each(['idl', 'idl/*.thrift', '*/[ab].thrift'])(
    'generates the same modules for the folder or quoted pattern %s as for the files, with --check too',
    async (given) => {
      await cli('generate', 'idl/a.thrift', 'idl/b.thrift', '--out', 'out');
      expect(await cli('generate', given, '--out', 'out', '--check')).toEqual({
        status: 0,
        stdout: '2 modules are up to date',
        stderr: '',
      });
    },
  );

  it('keeps the layout below a folder that was given, however few files it has', async () => {
    writeFiles(folder, { 'deep/x/y/c.thrift': 'struct C {}' });
    expect((await cli('generate', 'deep', '--out', 'out')).stdout).toBe('written: out/x/y/c.ts');
  });

  it('fails with one line for a pattern or folder that leads to no file', async () => {
    for (const given of ['idl/*.thrif', '{x,y}/**', 'out']) {
      const { status, stdout, stderr } = await cli('generate', given, '--out', 'idl/..');
      expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    }
  });

  it('lists the generated modules that no file of a given folder leads to', async () => {
    writeFiles(folder, { 'idl/sub/old.thrift': 'struct Old {}' });
    await cli('generate', 'idl', '--out', 'out');
    writeFiles(folder, { 'out/mine.ts': 'export const mine = 1;\n' });
    rmSync(join(folder, 'idl/sub/old.thrift'));
    const left = 'left over: out/sub/old.ts; delete the file if its IDL is gone';
    expect(await cli('generate', 'idl', '--out', 'out')).toMatchObject({ status: 0, stderr: left });
    expect(await cli('generate', 'idl', '--out', 'out', '--check')).toMatchObject({ status: 0, stderr: left });
    expect(await cli('generate', 'idl/a.thrift', '--out', 'out')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(folder, 'out/sub/old.ts'))).toBe(true);
  });

  it('prints the position of a value that no number holds with --i64 number', async () => {
    writeFiles(folder, { 'idl/a.thrift': 'const i64 A = 9007199254740993' });
    const { status, stdout, stderr } = await cli('generate', 'idl/a.thrift', '--out', 'out', '--i64', 'number');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^idl\/a\.thrift:1:15: no number holds the i64 9007199254740993 exactly: .*\n.*\n {16}\^$/);
    expect((await cli('generate', 'idl/a.thrift', '--out', 'out')).status).toBe(0);
  });

  it('prints the position of an IDL error and exits with code 1', async () => {
    writeFiles(folder, { 'idl/a.thrift': 'struct A { 1: Nothing x }' });
    expect(await cli('generate', 'idl/a.thrift', '--out', 'out')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'idl/a.thrift:1:15: unknown type "Nothing"\n  struct A { 1: Nothing x }\n                ^',
    });
  });

  it.each([
    ['a missing file', ['idl/c.thrift', '--out', 'out'], /^cannot find the IDL file .*idl\/c\.thrift/],
    ['a file in place of the output folder', ['idl/a.thrift', '--out', 'idl/b.thrift'], /^E(NOTDIR|EXIST)/],
  ])('exits with code 1 and one line on standard error for %s', async (_, args, message) => {
    const { status, stderr } = await cli('generate', ...args);
    expect({ status, lines: stderr.split('\n').length }).toEqual({ status: 1, lines: 1 });
    expect(stderr).toMatch(message);
  });

  it.each([
    [['generate', '--out', 'out'], "missing required argument 'files'"],
    [['generate', 'idl/a.thrift'], "required option '--out <folder>' not specified"],
    [
      ['generate', 'idl/a.thrift', '--out', 'out', '--protocols', 'binary,xml'],
      "'binary,xml' is invalid. The protocols are binary, ",
    ],
    [['generate', 'idl/a.thrift', '--out', 'out', '--i64', 'string'], 'Allowed choices are bigint, number'],
    [['generate', 'idl/a.thrift', '--out', 'out', '--enums', 'union'], 'Allowed choices are enum, const'],
    [['generate', 'idl/a.thrift', '--out', 'out', '--import-extension', 'mjs'], 'Allowed choices are js, ts, none'],
    [['generate', 'idl/a.thrift', '--out', 'out', '--chekc'], "unknown option '--chekc'\n(Did you mean --check?)"],
    [['generated'], "unknown command 'generated'\n(Did you mean generate?)"],
    [[], 'Usage: nestjs-sqs-thrift'],
  ])('exits with code 2 for the arguments %j', async (args, message) => {
    const { status, stdout, stderr } = await cli(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('the program', () => {
  it('prints its version and its commands', async () => {
    const { version, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; bin: object };
    expect(await cli('--version')).toEqual({ status: 0, stdout: version, stderr: '' });
    expect(await cli('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ {2}generate .*<files\.\.\.>/m),
    });
    expect((await cli('generate', '--help')).stdout).toMatch(/\nExample:\n {2}nestjs-sqs-thrift generate /);
    expect(Object.values(bin)).toEqual([`./${relative('.', MAIN)}`]);
    expect(readFileSync(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
