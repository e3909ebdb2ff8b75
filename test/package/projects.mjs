/** The projects in which the cells run, with their settings as `nest new` of each version writes them. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { nest, plain, traced, withPeers } from './plain-projects.mjs';
import { application } from './sources.mjs';
import { install, root, run, write } from './workspace.mjs';

const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  declaration: true,
  removeComments: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  allowSyntheticDefaultImports: true,
  target: 'ES2023',
  sourceMap: true,
  outDir: './dist',
  incremental: true,
  skipLibCheck: true,
};

const NEST_CLI = {
  $schema: 'https://json.schemastore.org/nest-cli',
  collection: '@nestjs/schematics',
  sourceRoot: 'src',
  compilerOptions: { deleteOutDir: true },
};

const build11 = { extends: './tsconfig.json', exclude: ['node_modules', 'test', 'dist', '**/*spec.ts'] };
const build12 = { ...build11, compilerOptions: { rootDir: './src' }, include: ['src'] };

/** Nest CLI 11: CommonJS, Jest and ts-jest. */
const nest11 = (jest, jestTypes) => ({
  manifest: {
    dependencies: nest('^11.0.1', '^11.1.19'),
    devDependencies: {
      '@nestjs/cli': '^11.0.0',
      '@nestjs/schematics': '^11.0.0',
      '@nestjs/testing': '^11.0.1',
      '@swc/cli': '^0.7.9',
      '@swc/core': '^1.15.3',
      '@types/express': '^5.0.0',
      '@types/jest': jestTypes,
      '@types/node': '^24.0.0',
      fauxqs: '^1.9.0',
      jest,
      'source-map-support': '^0.5.21',
      'ts-jest': '^29.2.5',
      'ts-loader': '^9.5.2',
      'ts-node': '^10.9.2',
      'tsconfig-paths': '^4.2.0',
      typescript: '^5.7.3',
    },
    jest: {
      moduleFileExtensions: ['js', 'json', 'ts'],
      rootDir: 'src',
      testRegex: '.*\\.spec\\.ts$',
      transform: { '^.+\\.(t|j)s$': 'ts-jest' },
      collectCoverageFrom: ['**/*.(t|j)s'],
      coverageDirectory: '../coverage',
      testEnvironment: 'node',
    },
  },
  files: {
    ...application(''),
    'tsconfig.json': {
      compilerOptions: {
        ...COMPILER_OPTIONS,
        baseUrl: './',
        strictNullChecks: true,
        forceConsistentCasingInFileNames: true,
        noImplicitAny: true,
        strictBindCallApply: true,
        noFallthroughCasesInSwitch: true,
      },
    },
    'tsconfig.build.json': build11,
    'nest-cli.json': NEST_CLI,
  },
});

const tools12 = {
  '@nestjs/cli': '^12.0.0',
  '@nestjs/schematics': '^12.0.0',
  '@nestjs/testing': '^12.0.1',
  '@types/express': '^5.0.0',
  '@types/node': '^24.0.0',
  fauxqs: '^1.9.0',
  'source-map-support': '^0.5.21',
  typescript: '^6.0.2',
};

const compiler12 = (types) => ({
  compilerOptions: { ...COMPILER_OPTIONS, rootDir: '.', strict: true, strictPropertyInitialization: false, types },
});

/** Nest CLI 12, ES modules and Vitest. */
const nest12 = {
  manifest: {
    type: 'module',
    dependencies: nest('^12.0.1', '^12.0.1'),
    devDependencies: {
      ...tools12,
      '@rspack/core': '^2.1.10',
      '@swc/cli': '^0.8.0',
      '@swc/core': '^1.15.18',
      'tsconfig-paths-webpack-plugin': '^4.2.0',
      'vite-tsconfig-paths': '^5.1.4',
      vitest: '^4.1.2',
      'webpack-node-externals': '^3.0.0',
    },
  },
  files: {
    ...application('.js'),
    'tsconfig.json': compiler12(['vitest/globals', 'node']),
    'tsconfig.build.json': build12,
    'nest-cli.json': NEST_CLI,
    'vitest.config.ts': `import { defineConfig } from 'vitest/config';
import tsconfigPaths from 'vite-tsconfig-paths';

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: { globals: true, root: './', include: ['**/*.spec.ts'] },
});
`,
  },
};

/** Nest CLI 12, CommonJS and Jest 30. */
const nest12CommonJs = {
  manifest: {
    dependencies: nest('^12.0.1', '^12.0.1'),
    devDependencies: {
      ...tools12,
      '@types/jest': '^30.0.0',
      jest: '^30.0.0',
      'ts-jest': '^29.4.0',
      'ts-loader': '^9.5.4',
      'ts-node': '^10.9.2',
      'tsconfig-paths': '^4.2.0',
      'tsconfig-paths-webpack-plugin': '^4.2.0',
      'fork-ts-checker-webpack-plugin': '^9.1.0',
      webpack: '^5.105.4',
      'webpack-node-externals': '^3.0.0',
    },
  },
  files: {
    ...application(''),
    'tsconfig.json': compiler12(['node', 'jest']),
    'tsconfig.build.json': build12,
    'nest-cli.json': NEST_CLI,
    'jest.config.ts': `import type { Config } from 'jest';
import { pathsToModuleNameMapper } from 'ts-jest';
import ts from 'typescript';

const { config: tsconfig } = ts.readConfigFile('./tsconfig.json', ts.sys.readFile);
const paths = tsconfig?.compilerOptions?.paths ?? {};

const config: Config = {
  moduleFileExtensions: ['js', 'json', 'ts'],
  rootDir: '.',
  testRegex: '.*\\\\.spec\\\\.ts$',
  transform: { '^.+\\\\.(t|j)s$': 'ts-jest' },
  moduleNameMapper: pathsToModuleNameMapper(paths, { prefix: '<rootDir>/' }),
  coverageDirectory: './coverage',
  testEnvironment: 'node',
};

export default config;
`,
  },
};

const PROJECTS = {
  plain: plain('^12.0.1', '^12.0.1'),
  'plain-nest11': plain('^11.0.1', '^11.1.19'),
  peers: withPeers('^12.0.1', '^12.0.1', '^12.0.0'),
  'peers-nest11': withPeers('^11.0.1', '^11.1.19', '^11.0.0'),
  traced,
  nest11: nest11('^29.7.0', '^29.5.14'),
  'nest11-jest30': nest11('^30.0.0', '^30.0.0'),
  nest12,
  'nest12-commonjs': nest12CommonJs,
  tools: { manifest: { devDependencies: { '@arethetypeswrong/cli': '^0.18.5', publint: '^0.3.25' } }, files: {} },
};

const opened = new Map();

/** Installs a project, once in a run, with its sources and its generated module. Resolves with its folder. */
export function project(name, tarball) {
  if (!opened.has(name)) opened.set(name, open(name, tarball));
  return opened.get(name);
}

async function open(name, tarball) {
  const { manifest, files } = PROJECTS[name];
  const folder = await install(name, manifest, tarball);
  write(folder, files);
  cpSync(join(root, 'idl'), join(folder, 'idl'), { recursive: true });
  for (const target of ['src', 'esm', 'cjs']) {
    if (Object.keys(files).some((path) => path.startsWith(`${target}/`))) {
      await command(folder, ['generate', 'idl/backup.thrift', '--out', `${target}/generated`]);
    }
  }
  return folder;
}

/** Runs the command of the package as npm links it. */
export const command = (folder, args, node = process.execPath) =>
  run(node, [join(folder, 'node_modules', '.bin', 'nestjs-sqs-thrift'), ...args], { cwd: folder });
