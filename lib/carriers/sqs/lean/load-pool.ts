import type * as undici from 'undici';
import { exportsOf, importByNode } from '../../../common/optional-package.js';

type Undici = Pick<typeof undici, 'Pool'>;
type PoolClass = Undici['Pool'];

/** The file of undici that defines `Pool`. The file is not a documented entry point of undici. */
const POOL_FILE = 'undici/lib/dispatcher/pool.js';

/**
 * Loads the `Pool` of undici with the first queue that uses it. The file of the class alone loads in
 * about a sixth of the time of the package, whose root also loads `fetch`, WebSocket, caches and
 * mocks. The root also replaces the dispatcher of Node's own `fetch`. If the file has moved, the
 * root serves.
 */
export async function loadPool(): Promise<PoolClass> {
  return (await poolOfFile().catch(() => undefined)) ?? poolOfRoot();
}

/** Undefined if the file exports no class. */
async function poolOfFile(): Promise<PoolClass | undefined> {
  // @ts-expect-error undici declares types for its root only
  const loading = import('undici/lib/dispatcher/pool.js') as Promise<{ readonly default: PoolClass }>;
  const { default: pool } = await loading.catch(importByNode<{ readonly default: PoolClass }>(POOL_FILE));
  return typeof pool === 'function' ? pool : undefined;
}

async function poolOfRoot(): Promise<PoolClass> {
  return exportsOf(await import('undici').catch(importByNode<Undici>('undici')), 'Pool').Pool;
}
