import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Finds the module of each import that runs code. An import of types is erased. */
const IMPORT = /^(?:import|export)\s(?!type\s)[^;]*?\sfrom '([^']+)';|^import '([^']+)';/gm;

/** Returns a file of tests with all files of tests that it imports, directly or through others. */
export function reachedFiles(file: string): readonly string[] {
  const reached = new Set([file]);
  for (const each of reached) {
    for (const imported of importsOf(each)) reached.add(imported);
  }
  return [...reached];
}

function importsOf(file: string): string[] {
  const names = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, from, alone]) => from ?? alone!);
  return names
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name.replace(/\.js$/, '.ts'))))
    .filter((path) => path.startsWith('test/') && existsSync(path));
}
