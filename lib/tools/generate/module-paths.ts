import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { GenerateError } from './generate-options.js';

/**
 * Returns the path of the module of each IDL file, without extension and relative to the output
 * folder. The path is that of the file below the outermost of the folders that hold it: the common folder
 * of the given files, and the include folders and folders that were given whole. For a file elsewhere it is the bare name.
 *
 * @param files absolute paths, with links resolved
 * @param given the files that were named to the command
 * @param roots the include folders, and the folders that were given whole
 * @throws GenerateError two files would become one module
 */
export function modulePaths(
  files: readonly string[],
  given: readonly string[],
  roots: readonly string[],
): ReadonlyMap<string, string> {
  const folders = [commonFolder(given.map((file) => dirname(file))), ...roots.map(realFolder)];
  const paths = new Map(files.map((file) => [file, modulePath(file, folders)]));
  const taken = new Map<string, string>();
  for (const [file, path] of paths) {
    // Many file systems ignore the case of names.
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

/** Matches paths that every file system accepts and that need no escape in a string literal. */
const PORTABLE = /^[\p{L}\p{N}_.@+ /-]+$/u;

function modulePath(file: string, folders: readonly string[]): string {
  // The outermost folder: the path below an inner one may be that of another file.
  const [below] = folders
    .map((folder) => relative(folder, file))
    .filter((path) => !path.startsWith('..') && !isAbsolute(path))
    .sort((a, b) => b.length - a.length);
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
