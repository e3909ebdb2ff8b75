/**
 * Runs `task` for every item, `concurrency` of them side by side. Waits for all of them even after a
 * failure. Starts no further task after the signal aborts.
 */
export async function settleAll<Item>(
  items: readonly Item[],
  concurrency: number,
  task: (item: Item, at: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<PromiseSettledResult<void>[]> {
  const results: PromiseSettledResult<void>[] = [];
  const entries = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of entries) {
      [results[at]] = await Promise.allSettled([task(item, at)]);
      if (signal?.aborted) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  return results;
}
