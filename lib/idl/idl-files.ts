import { readFileSync, realpathSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { decodeText } from './decode-text.js';
import { IdlError } from './errors.js';

/** Provides IDL files from disk or memory. */
export interface IdlFiles {
  /** Returns the identity of an included file; undefined if no candidate exists. */
  find(include: string, from: string): string | undefined;
  /** Lists the locations that {@link IdlFiles.find} tries, in order. */
  candidates(include: string, from: string): readonly string[];
  /** Reads the text of a file that {@link IdlFiles.find} returned. */
  read(file: string): string;
  /** Returns the name of a file for error messages. */
  label(file: string): string;
}

/**
 * Provides IDL files from disk. Looks up includes beside the including file, then in `includeDirs`,
 * as Apache's compiler does.
 */
export function diskFiles(includeDirs: readonly string[]): IdlFiles {
  const candidates = (include: string, from: string): string[] =>
    path.isAbsolute(include)
      ? [include]
      : [path.dirname(from), ...includeDirs].map((directory) => path.resolve(directory, include));
  return {
    candidates,
    find: (include, from) => {
      const found = candidates(include, from).find(isFile);
      // Resolve symbolic links, so that a file reachable by two paths is read only once.
      return found === undefined ? undefined : realpathSync(found);
    },
    read: readText,
    label: shortPath,
  };
}

/**
 * Provides IDL from memory, by file name. Looks up includes relative to the including file's name,
 * then by the name as written.
 */
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

/** True for a file that can be looked at. Not for names too long, links in a circle and the like. */
function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function readText(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).message;
    throw new IdlError('file-unreadable', `cannot read the IDL file ${file}: ${reason}`, { file, cause });
  }
}

/** Shows paths below the current directory relative to it. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
