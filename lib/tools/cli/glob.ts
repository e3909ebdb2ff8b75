import { readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import { sep } from 'node:path';

/** True if a text has a character that only patterns have. */
export function isPattern(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/**
 * Lists the files that a pattern matches, sorted. Node has a function for that from version 22 on.
 *
 * `*` and `?` match within a name, `**` any folders, `[a-z]` and `[!a-z]` a character, `{a,b}` either
 * text. Hidden names and `node_modules` are left out, except where the pattern spells them. `**` follows
 * no links to folders. A pattern that ends in `*` or `**` matches `.thrift` files alone.
 */
export function filesMatching(pattern: string): readonly string[] {
  const slashed = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const found = expandBraces(slashed).flatMap((one) => [...walk('', one.split('/'))]);
  return [...new Set(found)].sort();
}

/** Lists the `.thrift` files in a folder and the folders in it, sorted. */
export function filesBelow(folder: string): readonly string[] {
  return [...walk(`${folder.replace(/[/\\]+$/, '')}/`, ['**', '*'])].sort();
}

/** Replaces the first `{a,b}` by each of its texts, and then the braces that are left. */
function expandBraces(pattern: string): readonly string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!found) return [pattern];
  const [all, inner] = found;
  const [before, after] = [pattern.slice(0, found.index), pattern.slice(found.index + all.length)];
  return inner!.split(',').flatMap((text) => expandBraces(before + text + after));
}

/** @param prefix the folder to look in, with a slash at its end; empty for the current directory */
function* walk(prefix: string, segments: readonly string[]): Generator<string> {
  const [first = '', ...rest] = segments;
  if (first === '**') {
    yield* walk(prefix, rest.length === 0 ? ['*'] : rest);
    for (const entry of visible(prefix)) if (entry.isDirectory()) yield* walk(`${prefix}${entry.name}/`, segments);
  } else if (!isPattern(first)) {
    if (rest.length > 0) yield* walk(`${prefix}${first}/`, rest);
    else if (isFile(prefix + first)) yield prefix + first;
  } else {
    yield* walkMatching(prefix, first, rest);
  }
}

function* walkMatching(prefix: string, segment: string, rest: readonly string[]): Generator<string> {
  const pattern = patternOf(segment);
  const entries = segment.startsWith('.') ? entriesOf(prefix) : visible(prefix);
  for (const { name } of entries.filter((entry) => pattern.test(entry.name))) {
    if (rest.length > 0) yield* walk(`${prefix}${name}/`, rest);
    else if ((segment !== '*' || name.endsWith('.thrift')) && isFile(prefix + name)) yield prefix + name;
  }
}

function patternOf(segment: string): RegExp {
  const source = segment.replace(/\[(!?)([^\]]+)\]|\*+|\?|[^*?[]+|\[/g, (part, not: string, set: string) => {
    if (set) return `[${not ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
    if (part.startsWith('*')) return '.*';
    return part === '?' ? '.' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A range such as [z-a] has no characters.
    return /(?!)/;
  }
}

function visible(folder: string): readonly Dirent[] {
  return entriesOf(folder).filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
}

/** Returns the entries of a folder; none if the path leads to no folder. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder || '.', { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function isFile(path: string): boolean {
  return statsOf(path)?.isFile() ?? false;
}

/** Returns what a path leads to. Undefined for a path that leads nowhere or cannot be looked at. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
