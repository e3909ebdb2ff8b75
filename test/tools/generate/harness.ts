import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { generateModules, type GeneratedModule } from '#lib/tools/generate/generate-modules.js';
import type { GenerateOptions } from '#lib/tools/generate/generate-options.js';

const IDL = 'test/idl/fixtures';

/** Every IDL file of the project that others do not include. */
export const FIXTURES: readonly string[] = [
  'idl/backup.thrift',
  'idl/albums.thrift',
  'test/tools/generate/fixtures/awkward.thrift',
  ...readdirSync(IDL)
    .filter((name) => name.endsWith('.thrift'))
    .map((name) => `${IDL}/${name}`),
];

/** Those whose i64 values all fit in numbers. */
export const NUMBER_FIXTURES: readonly string[] = FIXTURES.filter((path) => !path.endsWith('kitchen-sink.thrift'));

/** For the one that includes what is not beside it. */
export const INCLUDE_DIRS = [`${IDL}/vendor`];

/** An empty folder that tools find their configuration from, and that no other test uses. */
export function freshFolder(name: string): string {
  const folder = resolve('build', 'generated', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes files by path. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([path, text]) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}

/** Generates modules into a folder. */
export function generateInto(
  folder: string,
  files: readonly string[],
  options: GenerateOptions = {},
): readonly GeneratedModule[] {
  const modules = generateModules(files, options);
  writeFiles(folder, Object.fromEntries(modules.map(({ path, text }) => [path, text])));
  return modules;
}

/** The module that one IDL text becomes. */
export function moduleOf(idl: string, options: GenerateOptions = {}): string {
  const folder = freshFolder(`one-${process.env['JEST_WORKER_ID']}`);
  const [file] = writeFiles(folder, { 'one.thrift': idl });
  return generateModules([file!], options)[0]!.text;
}

/** Compiler options of every test program, with all checks of TypeScript. */
const STRICTEST = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  noFallthroughCasesInSwitch: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  module: 'nodenext',
  target: 'es2022',
  types: ['node'],
};

/**
 * Compiles a folder; returns what the compiler says, nothing when it is content. JavaScript goes to `js` of the folder if asked for.
 *
 * @param more compiler options besides the strictest
 */
export function compile(
  folder: string,
  typescript: 'typescript' | 'typescript7' = 'typescript',
  emit = false,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const options = { ...STRICTEST, rootDir: '.', ...(emit ? { outDir: 'js' } : { noEmit: true }), ...more };
  const config = { compilerOptions: options, include: ['**/*.ts'], exclude: ['js', 'node_modules'] };
  writeFiles(folder, { 'tsconfig.json': JSON.stringify(config) });
  const tsc = createRequire(import.meta.url)
    .resolve(`${typescript}/package.json`)
    .replace(/package\.json$/, 'bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  return status === 0 ? '' : stdout;
}

/** Makes a folder a package of CommonJS that has this package installed. */
export function makeCommonJs(folder: string): void {
  writeFiles(folder, { 'package.json': JSON.stringify({ type: 'commonjs' }), 'node_modules/.keep': '' });
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'nestjs-sqs-thrift'));
}

/** Runs JavaScript in Node with flags; returns what it prints. */
export function runNode(file: string, ...flags: string[]): string {
  return execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' });
}
