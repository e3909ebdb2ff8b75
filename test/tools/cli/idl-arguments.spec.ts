import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CheckFailed } from '../../../lib/tools/cli/exit.js';
import { expandIdlArguments, expandToOne } from '../../../lib/tools/cli/idl-arguments.js';
import { freshFolder, writeFiles } from '../generate/harness.js';

const FILES = [
  'idl/a.thrift',
  'idl/b.thrift',
  'idl/c1.thrift',
  'idl/notes.md',
  'idl/odd.idl',
  'idl/.hidden.thrift',
  'idl/[x].thrift',
  'idl/sub/d.thrift',
  'idl/sub/deep/e.thrift',
  'idl/node_modules/m/f.thrift',
  'idl/.git/g.thrift',
  'other/a.thrift',
  'other/x.d/h.thrift',
];

let folder: string;

beforeAll(() => {
  folder = freshFolder('idl-arguments');
  writeFiles(folder, Object.fromEntries(FILES.map((path) => [path, ''])));
  mkdirSync(join(folder, 'empty'));
  symlinkSync(join(folder, 'idl'), join(folder, 'idl', 'sub', 'loop'));
});

const expanded = (...given: string[]): string[] =>
  expandIdlArguments(given.map((text) => join(folder, text))).files.map((file) => relative(folder, file));

describe('arguments that take IDL files', () => {
  it.each<[given: string, files: string[]]>([
    ['idl/*.thrift', ['idl/[x].thrift', 'idl/a.thrift', 'idl/b.thrift', 'idl/c1.thrift']],
    ['idl/*', ['idl/[x].thrift', 'idl/a.thrift', 'idl/b.thrift', 'idl/c1.thrift']],
    ['idl/?.thrift', ['idl/a.thrift', 'idl/b.thrift']],
    ['idl/?[0-9].thrift', ['idl/c1.thrift']],
    ['idl/[!a].thrift', ['idl/b.thrift']],
    ['idl/[x].thrift', ['idl/[x].thrift']],
    ['idl/{a,c1}.thrift', ['idl/a.thrift', 'idl/c1.thrift']],
    ['{idl/sub,other}/{a,d,z}.thrift', ['idl/sub/d.thrift', 'other/a.thrift']],
    ['*/a.thrift', ['idl/a.thrift', 'other/a.thrift']],
    [
      'idl/**/*.thrift',
      ['idl/[x].thrift', 'idl/a.thrift', 'idl/b.thrift', 'idl/c1.thrift', 'idl/sub/d.thrift', 'idl/sub/deep/e.thrift'],
    ],
    ['**/e.thrift', ['idl/sub/deep/e.thrift']],
    ['idl/sub/**', ['idl/sub/d.thrift', 'idl/sub/deep/e.thrift']],
    ['idl/.*.thrift', ['idl/.hidden.thrift']],
    ['idl/*.{idl,md}', ['idl/notes.md', 'idl/odd.idl']],
    ['idl/node_modules/*/*.thrift', ['idl/node_modules/m/f.thrift']],
    ['other/*.d/*', ['other/x.d/h.thrift']],
    ['idl/sub', ['idl/sub/d.thrift', 'idl/sub/deep/e.thrift']],
    ['other/', ['other/a.thrift', 'other/x.d/h.thrift']],
    ['idl/notes.md', ['idl/notes.md']],
    ['idl/missing.thrift', ['idl/missing.thrift']],
  ])('expands %s', (given, files) => {
    expect(expanded(given)).toEqual(files);
  });

  it('lists a file once that several arguments lead to, in the order of the arguments', () => {
    expect(expanded('other', 'idl/b.thrift', 'idl/[ab].thrift')).toEqual([
      'other/a.thrift',
      'other/x.d/h.thrift',
      'idl/b.thrift',
      'idl/a.thrift',
    ]);
  });

  it.each<[given: string, message: RegExp]>([
    ['idl/*.thrif', /^no file matches the pattern .*idl\/\*\.thrif; patterns start at the current directory \//],
    ['nowhere/**/*.thrift', /^no file matches the pattern /],
    ['idl/a.thrift/*', /^no file matches the pattern /],
    ['idl/[z-a].thrift', /^no file matches the pattern /],
    ['empty', /^the folder .*empty has no \.thrift file$/],
  ])('fails for %s, which leads to no file', (given, message) => {
    expect(() => expanded(given)).toThrow(CheckFailed);
    expect(() => expanded(given)).toThrow(message);
  });

  it('takes a pattern where one file is needed, if it stands for one file', () => {
    expect(expandToOne(join(folder, 'idl/sub/*.thrift'))).toBe(join(folder, 'idl/sub/d.thrift'));
    expect(() => expandToOne(join(folder, 'other'))).toThrow(
      /other stands for 2 IDL files, and one is needed; name one of .*a\.thrift, .*h\.thrift$/,
    );
  });
});
