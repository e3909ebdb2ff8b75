/** One item that waits for its request. */
export interface PendingEntry<T, R> {
  readonly item: T;
  readonly key: string | undefined;
  /** Tries that were answered. */
  attempts: number;
  /** Whether it must not share a request. */
  alone: boolean;
  readonly addedAt: number;
  readonly resolve: (outcome: R) => void;
}

/** What a {@link PendingEntries} goes by: see the options of the same names of `Batcher`. */
export interface PendingEntriesRules<T> {
  readonly maxEntries: number;
  readonly maxBytes?: number;
  readonly sizeOf?: (item: T) => number;
  readonly oneOfKey?: boolean;
  readonly grownAt?: (item: T) => number | undefined;
}

/** Items in the order in which they are to be sent. Those of a key that is under way keep their place. */
export class PendingEntries<T, R> {
  private entries: PendingEntry<T, R>[] = [];
  /** Keys of what was taken and has not come back or been freed. */
  private readonly heldKeys = new Set<string>();

  constructor(private readonly rules: PendingEntriesRules<T>) {}

  get length(): number {
    return this.entries.length;
  }

  push(entry: PendingEntry<T, R>): void {
    this.entries.push(entry);
  }

  /** The longest run that fits one request, its keys held; empty when all wait for their keys. */
  take(): PendingEntry<T, R>[] {
    const { maxEntries, maxBytes = Infinity, sizeOf, oneOfKey } = this.rules;
    const batch: PendingEntry<T, R>[] = [];
    const passed: PendingEntry<T, R>[] = [];
    const taken = new Set<string>();
    let bytes = 0;
    let next = 0;
    for (; next < this.entries.length && batch.length < maxEntries; next += 1) {
      const entry = this.entries[next]!;
      const { key } = entry;
      if (key !== undefined && (this.heldKeys.has(key) || taken.has(key))) {
        passed.push(entry);
        continue;
      }
      const size = sizeOf?.(entry.item) ?? 0;
      if (batch.length > 0 && (entry.alone || bytes + size > maxBytes)) break;
      bytes += size;
      batch.push(entry);
      if (oneOfKey && key !== undefined) taken.add(key);
      if (entry.alone) {
        next += 1;
        break;
      }
    }
    this.entries = passed.length === 0 ? this.entries.slice(next) : [...passed, ...this.entries.slice(next)];
    for (const { key } of batch) if (key !== undefined) this.heldKeys.add(key);
    return batch;
  }

  /** Everything there is. */
  takeAll(): PendingEntry<T, R>[] {
    return this.entries.splice(0);
  }

  /** What was added, or last grew, at `time` or before. */
  takeUntil(time: number): PendingEntry<T, R>[] {
    const since = ({ item, addedAt }: PendingEntry<T, R>): number => this.rules.grownAt?.(item) ?? addedAt;
    const early = this.entries.filter((entry) => since(entry) <= time);
    this.entries = this.entries.filter((entry) => since(entry) > time);
    return early;
  }

  /** Puts what was taken back to the front, its keys free again. */
  putBack(entries: readonly PendingEntry<T, R>[]): void {
    this.free(entries);
    this.entries.unshift(...entries);
  }

  /** Frees the keys of what was taken and is done. */
  free(entries: readonly PendingEntry<T, R>[]): void {
    for (const { key } of entries) if (key !== undefined) this.heldKeys.delete(key);
  }
}
