import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CheckFailed } from '../../../lib/tools/cli/exit.js';
import { loadServices } from '../../../lib/tools/cli/flags.js';
import { freshFolder, writeFiles } from '../generate/harness.js';

let folder: string;

beforeAll(() => {
  folder = freshFolder('load-services');
  writeFiles(folder, {
    'idl/a.thrift': 'include "sub/b.thrift"\nservice A extends b.B {}\nservice Second { oneway void g() }',
    'idl/sub/b.thrift': 'service B { oneway void f() }',
    'idl/types.thrift': 'struct T {}',
    'types/types.thrift': 'struct T {}',
    'types/more.thrift': 'struct M {}',
    'twice/a.thrift': 'service S { oneway void f() }',
    'twice/b.thrift': 'service S { oneway void g() }',
  });
});

const load = (idl: string, ...service: string[]): string[] =>
  loadServices({ idl: join(folder, idl), service }).map(({ name }) => name);

describe('the services of --idl', () => {
  it.each<[idl: string, service: string[], names: string[]]>([
    ['idl/a.thrift', [], ['A', 'Second']],
    ['idl/a.thrift', ['b.B'], ['B']],
    ['idl', [], ['A', 'Second', 'B']],
    ['idl', ['B', 'A'], ['B', 'A']],
    ['idl/**/*.thrift', ['Second'], ['Second']],
    ['idl/sub/*', [], ['B']],
  ])('of %s with the services %j are those that the files declare', (idl, service, names) => {
    expect(load(idl, ...service)).toEqual(names);
  });

  it.each<[idl: string, service: string[], message: RegExp]>([
    ['idl', ['C'], /^no IDL file declares the service "C" \(services: A, Second, B\)$/],
    ['idl/a.thrift', ['C'], /a\.thrift: unknown service "C"/],
    ['types', [], /types declares no service; name the file that declares one$/],
    ['types', ['C'], /^no IDL file declares the service "C" \(services: none\)$/],
    [
      'twice',
      ['S'],
      /twice\/a\.thrift and .*twice\/b\.thrift both declare the service "?S"?; give one of the files to --idl$/,
    ],
    ['idl/*.thrif', [], /^no file matches the pattern /],
  ])('of %s with the services %j fail with what to do', (idl, service, message) => {
    expect(() => load(idl, ...service)).toThrow(message);
    if (idl !== 'idl/a.thrift') expect(() => load(idl, ...service)).toThrow(CheckFailed);
  });
});
