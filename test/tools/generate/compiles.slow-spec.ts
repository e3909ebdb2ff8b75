import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROTOCOLS, type GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import {
  FIXTURES,
  INCLUDE_DIRS,
  NUMBER_FIXTURES,
  compile,
  freshFolder,
  generateInto,
  makeCommonJs,
  runNode,
  writeFiles,
} from './harness.js';

const USE = join('test', 'tools', 'generate', 'fixtures', 'use-types.ts');
const COMPILERS = ['typescript', 'typescript7'] as const;

const GENERATE = { includeDirs: INCLUDE_DIRS };

describe.each(COMPILERS)('generated modules under the options of other build tools, for %s', (compiler) => {
  it('compiles without errors as erasable syntax with const enums and with imports of sources', () => {
    const folder = freshFolder(`erasable-${compiler}`);
    generateInto(folder, FIXTURES, { ...GENERATE, enums: 'const', importExtension: 'ts' });
    const use = readFileSync(USE, 'utf8').replace(/(from '\.\/.*)\.js';/g, "$1.ts';");
    writeFiles(folder, { 'use-types.ts': use });
    expect(compile(folder, compiler, false, { erasableSyntaxOnly: true, allowImportingTsExtensions: true })).toBe('');
  }, 120_000);
});

describe('generated modules as CommonJS', () => {
  it.each<[string, GenerateOptions, Record<string, unknown>]>([
    ['with .js in imports, as Node resolves', {}, { module: 'nodenext' }],
    [
      'without extensions, as bundlers and ts-jest resolve',
      { importExtension: 'none' },
      { module: 'commonjs', moduleResolution: 'bundler' },
    ],
  ])(
    'compile without errors and load %s',
    (_, options, more) => {
      const folder = freshFolder('commonjs');
      const modules = generateInto(folder, FIXTURES, { ...GENERATE, ...options });
      makeCommonJs(folder);
      expect(compile(folder, 'typescript', true, { ...more, verbatimModuleSyntax: false })).toBe('');
      const files = modules.map(({ path }) => `./js/${path.replace(/\.ts$/, '.js')}`);
      const program = `for (const file of ${JSON.stringify(files)}) require(file);
        const { BackupQueue } = require('./js/idl/backup.js');
        const { createEventCodec } = require('nestjs-sqs-thrift/codec');
        const args = { request: { id: 'i', userId: 'u', requestedAt: 5 } };
        console.log(createEventCodec([BackupQueue]).encode({ method: 'startBackup', args }).length > 0);`;
      const [main] = writeFiles(folder, { 'main.cjs': program });
      expect(runNode(main!, '--disallow-code-generation-from-strings')).toBe('true\n');
    },
    120_000,
  );
});

describe.each(COMPILERS)('generated modules under the strictest options of %s', (compiler) => {
  it.each<[string, GenerateOptions]>([
    ['with every protocol and a program that uses the types', { protocols: PROTOCOLS }],
    ['with numbers for i64', { protocols: PROTOCOLS, i64: 'number' }],
    ['with type declarations only', { declareOnly: true }],
  ])(
    'compiles without errors %s',
    (_, options) => {
      const folder = freshFolder(`compiles-${compiler}`);
      const files = options.i64 === 'number' ? NUMBER_FIXTURES : FIXTURES;
      generateInto(folder, files, { ...GENERATE, ...options });
      if (!options.i64 && !options.declareOnly) {
        copyFileSync(USE, join(folder, 'use-types.ts'));
      }
      expect(compile(folder, compiler)).toBe('');
    },
    120_000,
  );

  it('reports a compile error for each marked misuse of the generated types', () => {
    const folder = freshFolder(`compiles-${compiler}`);
    generateInto(folder, FIXTURES, { includeDirs: INCLUDE_DIRS });
    const [marked, mistakes] = [/^\s*\/\/ @ts-expect-error.*\n/gm, /error TS\d+/g];
    const use = readFileSync(USE, 'utf8');
    writeFiles(folder, { 'use-types.ts': use.replace(marked, '') });
    expect(compile(folder, compiler).match(mistakes)).toHaveLength(use.match(marked)!.length);
  }, 120_000);
});
