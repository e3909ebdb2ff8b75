/** Default projects of the Nest CLI: their tests in every runner, and their builds with every builder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { project } from '../projects.mjs';
import { nodeOf, run, write } from '../workspace.mjs';

const ES_MODULES = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** Runs the spec that `nest new` writes, and one that carries a call through an embedded SQS. */
const tested = (name, { flags = [], runner = 'jest/bin/jest.js', args = [], files = {}, major } = {}) =>
  async function passesItsTests({ packed }) {
    const folder = await project(name, packed.tarball);
    write(folder, files);
    const node = major === undefined ? process.execPath : await nodeOf(major);
    await run(node, [...flags, join(folder, 'node_modules', runner), ...args], { cwd: folder });
    return 'the untouched spec and a call through an embedded SQS';
  };

/** Builds with the Nest CLI, and runs the result. */
const built = (name, builder, files = {}) =>
  async function buildsAndRuns({ packed }) {
    const folder = await project(name, packed.tarball);
    write(folder, files);
    const cli = join(folder, 'node_modules/@nestjs/cli/bin/nest.js');
    await run(process.execPath, [cli, 'build', '--builder', builder], { cwd: folder });
    const out = await run(process.execPath, ['--disable-warning=ExperimentalWarning', 'dist/main.js'], { cwd: folder });
    assert.match(out, /^handled u 7 missing-queue$/m);
    return 'dist/main.js carries a call through an embedded SQS';
  };

/** ES modules in Jest, which once failed with ERR_REQUIRE_CYCLE_MODULE where the package was CommonJS only. */
const jestOfEsModules = {
  'jest-esm.config.json': {
    testRegex: 'src/.*\\.spec\\.ts$',
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.esm.json' }] },
  },
  'tsconfig.esm.json': {
    extends: './tsconfig.json',
    compilerOptions: { module: 'esnext', moduleResolution: 'bundler', isolatedModules: true },
  },
};

export const nest = {
  'nest11-jest29': tested('nest11'),
  'nest11-jest30': tested('nest11-jest30'),
  'nest11-build-tsc': built('nest11', 'tsc'),
  'nest11-build-swc': built('nest11', 'swc'),
  'nest11-build-webpack': built('nest11', 'webpack'),
  'nest12-vitest': tested('nest12', { runner: 'vitest/vitest.mjs', args: ['run'] }),
  'nest12-build-tsc': built('nest12', 'tsc'),
  'nest12-build-swc': built('nest12', 'swc'),
  'nest12-build-rspack': built('nest12', 'rspack'),
  // Jest requires ES modules, as those of Nest 12, on Node 24.9 and later.
  'nest12-commonjs-jest30': tested('nest12-commonjs', { flags: ES_MODULES, major: 24 }),
  'nest12-jest30-esm': tested('nest12-commonjs', {
    flags: ES_MODULES,
    args: ['--config', 'jest-esm.config.json'],
    files: jestOfEsModules,
  }),
  'nest12-commonjs-build-tsc': built('nest12-commonjs', 'tsc'),
  'nest12-commonjs-build-webpack': built('nest12-commonjs', 'webpack'),
};
