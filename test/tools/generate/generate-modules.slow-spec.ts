import { describe, expect, it } from '@jest/globals';
import * as prettier from 'prettier';
import { generateModules } from '../../../lib/tools/generate/generate-modules.js';
import { PROTOCOLS, type GenerateOptions } from '../../../lib/tools/generate/generate-options.js';
import { FIXTURES, INCLUDE_DIRS, moduleOf, NUMBER_FIXTURES } from './harness.js';

const STYLES: readonly prettier.Options[] = [
  { singleQuote: true, printWidth: 120 },
  { singleQuote: false, useTabs: true, printWidth: 40, trailingComma: 'none', quoteProps: 'consistent' },
];

describe('the layout of generated modules', () => {
  it.each<[string, GenerateOptions]>([
    ['with every protocol', { protocols: PROTOCOLS }],
    ['with numbers for i64', { i64: 'number' }],
    ['with const enums', { enums: 'const', importExtension: 'none' }],
    ['with type declarations only', { declareOnly: true }],
  ])(
    'is left unchanged by Prettier, whatever its style of quotes, lines and indentation is: %s',
    async (_, options) => {
      const files = options.i64 === 'number' ? NUMBER_FIXTURES : FIXTURES;
      for (const { path, text } of generateModules(files, { includeDirs: INCLUDE_DIRS, ...options })) {
        for (const style of STYLES) {
          expect({ path, text: await prettier.format(text, { parser: 'typescript', ...style }) }).toEqual({
            path,
            text,
          });
        }
      }
    },
  );

  it('is left unchanged by Prettier when an IDL declares nothing', async () => {
    const text = moduleOf('namespace java x');
    expect(await prettier.format(text, { parser: 'typescript', printWidth: 40 })).toBe(text);
  });
});
