import tseslint from 'typescript-eslint';

/**
 * Functions that may be longer or have more branches than the rules below allow, at most ten: `{ file, rule, reason }`.
 *
 * @type {readonly { file: string, rule: 'complexity' | 'max-lines-per-function', reason: string }[]}
 */
const EXCEPTIONS = [];

if (EXCEPTIONS.length > 10 || EXCEPTIONS.some(({ reason }) => !reason)) {
  throw new Error('there are at most ten exceptions, each with a reason');
}

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'build/',
      'node_modules/',
      'test/nest11/node_modules/',
      'bench/rivals/',
      'test/tools/generate/fixtures/',
      'test/types/cases/',
      'test/thrift/generated/',
      // As the Apache compiler writes it.
      'bench/codec/generated-*.ts',
      '**/*.mjs',
    ],
  },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 6],
      complexity: ['error', 10],
      eqeqeq: 'error',
      'no-console': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Whatever was thrown is passed on as it is, also when it is no Error.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    // The folders that know schemas.
    files: ['lib/{idl,thrift,event,tools}/**'],
    rules: {
      // An IDL may name a field or method as a property that every object inherits.
      'no-restricted-syntax': [
        'error',
        ...[
          'MemberExpression[computed=true] > Identifier.property[name=/^(name|field|member|method)$/]',
          'MemberExpression[computed=true] > MemberExpression.property[property.name="name"]',
          'BinaryExpression[operator="in"][left.type="Identifier"]',
        ].map((selector) => ({ selector, message: 'Look names of a schema up with fieldOf, Object.hasOwn or a Map.' })),
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      // What a test describes is one function.
      'max-lines-per-function': 'off',
      'max-params': 'off',
      '@typescript-eslint/require-await': 'off',
      // Outcomes are often looked at through the fake, not through the promise.
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  {
    files: ['test/**'],
    ignores: ['test/**/*spec.ts', 'test/**/*.chaos.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(\\.\\./)+lib/', message: 'Programs run from build/, which has no lib: import #lib/…' },
          ],
        },
      ],
    },
  },
  ...EXCEPTIONS.map(({ file, rule }) => ({ files: [file], rules: { [rule]: 'off' } })),
);
