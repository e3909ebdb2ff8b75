import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { GenerateError } from './generate-options.js';

/**
 * Where the module of each IDL file goes, without extension, relative to the output folder: as the file lies below the common folder
 * of the files that were given, else below an include folder, else by its bare name.
 *
 * @param files absolute, links followed
 * @param given those of the files that were named to the command
 * @throws GenerateError two files would become one module
 */
export function modulePaths(
  files: readonly string[],
  given: readonly string[],
  includeDirs: readonly string[],
): ReadonlyMap<string, string> {
  const folders = [commonFolder(given.map((file) => dirname(file))), ...includeDirs.map(realFolder)];
  const paths = new Map(files.map((file) => [file, modulePath(file, folders)]));
  const taken = new Map<string, string>();
  for (const [file, path] of paths) {
    // On many disks names that differ in case are one.
    const other = taken.get(path.toLowerCase());
    if (other !== undefined) {
      throw new GenerateError(
        `${other} and ${file} would both become ${path}.ts: name files of a common parent folder, or give it as --include-dir`,
      );
    }
    taken.set(path.toLowerCase(), file);
  }
  return paths;
}

/** Matches paths that every disk takes and no string literal has to escape. */
const PORTABLE = /^[\p{L}\p{N}_.@+ /-]+$/u;

function modulePath(file: string, folders: readonly string[]): string {
  const below = folders
    .map((folder) => relative(folder, file))
    .find((path) => !path.startsWith('..') && !isAbsolute(path));
  const path = (below ?? file.slice(file.lastIndexOf(sep) + 1)).split(sep).join('/');
  const name = path.replace(/\.[^./]*$/, '');
  if (!PORTABLE.test(name)) {
    throw new GenerateError(
      `${JSON.stringify(path)} cannot be the path of a module: use letters, digits and _ - . @ + in folder and file names`,
    );
  }
  // `x.d.ts` would be a declaration file to TypeScript.
  return name.endsWith('.d') ? `${name.slice(0, -2)}_d` : name;
}

function commonFolder(folders: readonly string[]): string {
  const [first = '', ...rest] = folders.map((folder) => folder.split(sep));
  const parts = [...first];
  for (const other of rest) {
    const same = parts.findIndex((part, i) => part !== other[i]);
    if (same >= 0) parts.length = same;
  }
  return parts.join(sep) || sep;
}

function realFolder(folder: string): string {
  const absolute = resolve(folder);
  return existsSync(absolute) ? realpathSync(absolute) : absolute;
}
