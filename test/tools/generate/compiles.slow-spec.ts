import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROTOCOLS, type GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { FIXTURES, INCLUDE_DIRS, compile, freshFolder, generateInto, writeFiles } from './harness.js';

const USE = join('test', 'tools', 'generate', 'fixtures', 'use-types.ts');
const COMPILERS = ['typescript', 'typescript7'] as const;

describe.each(COMPILERS)('generated modules under the strictest options of %s', (compiler) => {
  it.each<[string, GenerateOptions]>([
    ['with every protocol and a program that uses the types', { protocols: PROTOCOLS }],
    ['with numbers for i64', { protocols: PROTOCOLS, i64: 'number' }],
    ['with type declarations only', { declareOnly: true }],
  ])(
    'compiles without errors %s',
    (_, options) => {
      const folder = freshFolder(`compiles-${compiler}`);
      generateInto(folder, FIXTURES, { includeDirs: INCLUDE_DIRS, ...options });
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
