import { CheckFailed } from './exit.js';
import { filesBelow, filesMatching, isPattern, statsOf } from './glob.js';

/** Describes an argument that takes IDL files, in the help of commands. */
export const IDL_FORMS = 'a file, a folder, or a pattern in quotes';

/** Holds the files that arguments of the command line stand for. */
export interface IdlArguments {
  readonly files: readonly string[];
  /** The arguments that are folders. */
  readonly folders: readonly string[];
  /** True if an argument is a folder or a pattern. */
  readonly isExpanded: boolean;
}

/**
 * Expands folders and patterns among IDL files. Shells expand a pattern only without quotes, and
 * `cmd.exe` and scripts of npm on Windows never do. A path that exists is no pattern.
 *
 * @throws CheckFailed a folder or pattern leads to no file
 */
export function expandIdlArguments(given: readonly string[]): IdlArguments {
  const expanded = given.map((text) => ({ text, ...expand(text) }));
  return {
    files: [...new Set(expanded.flatMap(({ files }) => files))],
    folders: expanded.flatMap(({ text, kind }) => (kind === 'folder' ? [text] : [])),
    isExpanded: expanded.some(({ kind }) => kind !== 'file'),
  };
}

/**
 * Expands an argument that stands for one IDL file.
 *
 * @throws CheckFailed the folder or pattern leads to no file, or to several
 */
export function expandToOne(given: string): string {
  const [first, ...others] = expandIdlArguments([given]).files;
  if (others.length === 0) return first!;
  const names = [first, ...others].slice(0, 10).join(', ') + (others.length > 9 ? ', …' : '');
  throw new CheckFailed(`${given} stands for ${others.length + 1} IDL files, and one is needed; name one of ${names}`);
}

function expand(text: string): { readonly files: readonly string[]; readonly kind: 'file' | 'folder' | 'pattern' } {
  const found = statsOf(text);
  if (found?.isDirectory())
    return { files: some(filesBelow(text), `the folder ${text} has no .thrift file`), kind: 'folder' };
  // Reading a file that does not exist gives a better error.
  if (found !== undefined || !isPattern(text)) return { files: [text], kind: 'file' };
  const where = 'patterns start at the current directory';
  return {
    files: some(filesMatching(text), `no file matches the pattern ${text}; ${where} ${process.cwd()}`),
    kind: 'pattern',
  };
}

function some(files: readonly string[], message: string): readonly string[] {
  if (files.length === 0) throw new CheckFailed(message);
  return files;
}
