/** The typings, under every way of TypeScript to find them. All without `skipLibCheck`. */
import { join } from 'node:path';
import { project } from '../projects.mjs';
import { run, write } from '../workspace.mjs';

const STRICT = {
  strict: true,
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
  skipLibCheck: false,
  declaration: true,
  noUncheckedIndexedAccess: true,
};

/** Compiles files of a plain project. Resolves with the folder of the output. */
async function compile({ packed, name, sources, compilerOptions, compiler = 'typescript', home = 'plain' }) {
  const folder = await project(home, packed.tarball);
  const config = `tsconfig.${name}.json`;
  const outDir = `out/${name}`;
  write(folder, {
    [config]: { compilerOptions: { ...STRICT, rootDir: '.', outDir, ...compilerOptions }, files: sources },
    [`${outDir}/cjs/package.json`]: { type: 'commonjs' },
  });
  await run(process.execPath, [join(folder, 'node_modules', compiler, 'bin', 'tsc'), '-p', config], { cwd: folder });
  return { folder, outDir };
}

const CJS = ['cjs/declarations.ts', 'cjs/every-subpath.ts', 'cjs/use-generated.ts'];
const ESM = ['esm/declarations.ts', 'esm/every-subpath.ts', 'esm/use-generated.ts'];
const BOTH = [...ESM, ...CJS];

/** Compiles, and runs what came of it. */
const compiled = (options) =>
  async function compiles({ packed }) {
    const { folder, outDir } = await compile({ packed, ...options });
    for (const source of options.sources) {
      const script = join(outDir, source.replace(/\.ts$/, '.js'));
      const flags = script.includes('generated') ? ['--disallow-code-generation-from-strings'] : [];
      await run(process.execPath, [...flags, '--disable-warning=ExperimentalWarning', script], { cwd: folder });
    }
    return options.sources.join(', ');
  };

const OPERATIONS = ['esm/operations.ts', 'cjs/operations.ts'];

const node10 = { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true };

export const types = {
  'types-node10': compiled({
    name: 'node10',
    sources: CJS,
    compiler: 'typescript5',
    home: 'plain-nest11',
    compilerOptions: node10,
  }),
  'types-node10-without-interop': compiled({
    name: 'node10-without-interop',
    sources: CJS,
    compiler: 'typescript5',
    home: 'plain-nest11',
    compilerOptions: { ...node10, esModuleInterop: false },
  }),
  'types-node10-ts6': compiled({
    name: 'node10-ts6',
    sources: CJS,
    home: 'plain-nest11',
    compilerOptions: { ...node10, ignoreDeprecations: '6.0' },
  }),
  'types-node16-nest11': compiled({
    name: 'node16',
    sources: BOTH,
    home: 'plain-nest11',
    compiler: 'typescript5',
    compilerOptions: { module: 'node16', moduleResolution: 'node16' },
  }),
  'types-node16': compiled({
    name: 'node16',
    sources: ESM,
    compilerOptions: { module: 'node16', moduleResolution: 'node16' },
  }),
  'types-nodenext': compiled({
    name: 'nodenext',
    sources: BOTH,
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' },
  }),
  'types-nodenext-nest11': compiled({
    name: 'nodenext',
    sources: BOTH,
    home: 'plain-nest11',
    compiler: 'typescript5',
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' },
  }),
  'types-nodenext-ts7': compiled({
    name: 'nodenext-ts7',
    sources: BOTH,
    compiler: 'typescript7',
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext' },
  }),
  'types-bundler': compiled({
    name: 'bundler',
    sources: ESM,
    compilerOptions: { module: 'preserve', moduleResolution: 'bundler' },
  }),
  'types-isolated-modules': compiled({
    name: 'isolated',
    sources: BOTH,
    compilerOptions: { module: 'nodenext', isolatedModules: true },
  }),
  'types-verbatim-module-syntax': compiled({
    name: 'verbatim',
    sources: ESM,
    compilerOptions: { module: 'nodenext', verbatimModuleSyntax: true },
  }),
  'types-peers': compiled({
    name: 'peers',
    sources: OPERATIONS,
    home: 'peers',
    compilerOptions: { module: 'nodenext', exactOptionalPropertyTypes: true },
  }),
  'types-peers-nest11': compiled({
    name: 'peers-node10',
    sources: ['cjs/operations.ts'],
    compiler: 'typescript5',
    home: 'peers-nest11',
    compilerOptions: node10,
  }),
  'types-exact-optional-property-types': compiled({
    name: 'exact',
    sources: BOTH,
    compilerOptions: { module: 'nodenext', exactOptionalPropertyTypes: true },
  }),
};
