import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Describes a copied file. */
export interface Copied {
  done: number;
  total: number;
  bytes: number;
}

/**
 * Lists the files below `from` and copies them to `to`, one after another. A repeated copy gives
 * the same result.
 */
export async function* copyFiles(
  from: string,
  to: string,
  excluded: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<Copied> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .filter((path) => !excluded.has(path.split('/')[0]!));
  let bytes = 0;
  for (const [i, path] of files.entries()) {
    signal.throwIfAborted();
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path));
    bytes += (await stat(join(to, path))).size;
    yield { done: i + 1, total: files.length, bytes };
  }
}
