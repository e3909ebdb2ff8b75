import { readFileSync, realpathSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { IdlError } from './errors.js';

/** Where IDL files come from: the disk or the memory. */
export interface IdlFiles {
  /** The identity of an included file, or undefined when none of the places tried has it. */
  find(include: string, from: string): string | undefined;
  /** The places that {@link IdlFiles.find} tries, in order. */
  candidates(include: string, from: string): readonly string[];
  /** The text of a file that was found. */
  read(file: string): string;
  /** The name of a file in messages. */
  label(file: string): string;
}

/** IDL files on disk. Includes are looked up beside the including file, then in `includeDirs`, as Apache's compiler does. */
export function diskFiles(includeDirs: readonly string[]): IdlFiles {
  const candidates = (include: string, from: string): string[] =>
    path.isAbsolute(include)
      ? [include]
      : [path.dirname(from), ...includeDirs].map((directory) => path.resolve(directory, include));
  return {
    candidates,
    find: (include, from) => {
      const found = candidates(include, from).find(isFile);
      // Links are followed, so that a file reached in two ways is read once.
      return found === undefined ? undefined : realpathSync(found);
    },
    read: readText,
    label: shortPath,
  };
}

/** IDL held in memory, by file name. Includes are looked up relative to the including file's name, then by their own. */
export function memoryFiles(texts: ReadonlyMap<string, string>): IdlFiles {
  const candidates = (include: string, from: string): string[] => [
    ...new Set([path.posix.normalize(path.posix.join(path.posix.dirname(from), include)), include]),
  ];
  return {
    candidates,
    find: (include, from) => candidates(include, from).find((file) => texts.has(file)),
    read: (file) => texts.get(file) ?? '',
    label: (file) => file,
  };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).message;
    throw new IdlError('file-unreadable', `cannot read the IDL file ${file}: ${reason}`, { file, cause });
  }
}

/** Paths below the current directory are shown relative to it. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
