/**
 * Type-checks, builds and tests the project on Nest 11: the sources are copied to build/nest11, where Node finds the Nest 11 that is
 * installed there before the Nest 12 of the root. Arguments go to Jest.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const target = join(root, 'build', 'nest11');
const SOURCES = [
  'commonjs',
  'lib',
  'test',
  'sample',
  'bench',
  'idl',
  'docs',
  'README.md',
  'ARCHITECTURE.md',
  'package.json',
  'jest.config.mjs',
  '.npmrc',
];
const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));

const npm = (...args) =>
  execFileSync('npm', args, { cwd: target, stdio: 'inherit', env: { ...process.env, NEST_MAJOR: '11' } });

mkdirSync(target, { recursive: true });
const lock = join(here, 'package-lock.json');
const installed = join(target, 'installed-package-lock.json');
if (!existsSync(installed) || readFileSync(lock, 'utf8') !== readFileSync(installed, 'utf8')) {
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(target, name));
  npm('ci');
  copyFileSync(lock, installed);
}
for (const name of readdirSync(target)) {
  if (!['node_modules', 'installed-package-lock.json'].includes(name)) rmSync(join(target, name), { recursive: true });
}
for (const name of [...SOURCES, ...configs]) {
  if (existsSync(join(root, name)))
    cpSync(join(root, name), join(target, name), {
      recursive: true,
      verbatimSymlinks: true,
      // Packages that the benchmarks compare with. They are large, and no test needs them.
      filter: (path) => !path.includes(join('bench', 'rivals')),
    });
}
npm('run', '--silent', 'typecheck');
npm('run', 'test:node', '--', ...process.argv.slice(2));
