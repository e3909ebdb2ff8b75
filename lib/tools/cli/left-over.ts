import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Begins every generated module. */
export const HEADER = '// Made by ';

/**
 * Lists the generated modules in an output folder that a run would not write, sorted. Their IDL may
 * be gone, or belong to another run into the same folder.
 *
 * @param written paths of the modules of the run, relative to the folder, with slashes
 */
export function leftOverModules(out: string, written: ReadonlySet<string>): readonly string[] {
  if (!existsSync(out)) return [];
  return [...modulesBelow(out, '')]
    .filter((path) => !written.has(path))
    .map((path) => join(out, path))
    .sort();
}

function* modulesBelow(out: string, prefix: string): Generator<string> {
  for (const entry of readdirSync(join(out, prefix), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = prefix + entry.name;
    if (entry.isDirectory()) yield* modulesBelow(out, `${path}/`);
    else if (entry.isFile() && path.endsWith('.ts') && isGenerated(join(out, path))) yield path;
  }
}

function isGenerated(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(HEADER.length);
    readSync(descriptor, start, 0, start.length, 0);
    return start.toString('latin1') === HEADER;
  } finally {
    closeSync(descriptor);
  }
}
