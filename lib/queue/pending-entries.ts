/** One item that waits for its request. */
export interface PendingEntry<T, R> {
  readonly item: T;
  readonly key: string | undefined;
  /** Tries that were answered. */
  attempts: number;
  /** True if the entry must not share a request. */
  alone: boolean;
  readonly addedAt: number;
  readonly resolve: (outcome: R) => void;
}

/** The options of `Batcher` of the same names. */
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
    const { maxBytes = Infinity, oneOfKey } = this.rules;
    const batch: PendingEntry<T, R>[] = [];
    const passed: PendingEntry<T, R>[] = [];
    const taken = new Set<string>();
    let bytes = 0;
    let next = 0;
    for (; next < this.entries.length && !this.isFull(batch); next += 1) {
      const entry = this.entries[next]!;
      if (this.mustWait(entry, taken)) {
        passed.push(entry);
        continue;
      }
      const size = this.sizeOf(entry);
      if (batch.length > 0 && (entry.alone || bytes + size > maxBytes)) break;
      bytes += size;
      batch.push(entry);
      if (oneOfKey && entry.key !== undefined) taken.add(entry.key);
    }
    this.dropHead(next, passed);
    this.hold(batch);
    return batch;
  }

  /** True if no more may join: the request has all its entries, or its only one travels alone. */
  private isFull(batch: readonly PendingEntry<T, R>[]): boolean {
    return batch.length >= this.rules.maxEntries || batch[0]?.alone === true;
  }

  /** True if an entry of the same key is under way or in this request already. */
  private mustWait({ key }: PendingEntry<T, R>, taken: ReadonlySet<string>): boolean {
    return key !== undefined && (this.heldKeys.has(key) || taken.has(key));
  }

  /** Removes the first `count` entries, but for those that were passed over. */
  private dropHead(count: number, passed: readonly PendingEntry<T, R>[]): void {
    const rest = this.entries.slice(count);
    this.entries = passed.length === 0 ? rest : [...passed, ...rest];
  }

  private sizeOf({ item }: PendingEntry<T, R>): number {
    return this.rules.sizeOf?.(item) ?? 0;
  }

  private hold(entries: readonly PendingEntry<T, R>[]): void {
    for (const { key } of entries) if (key !== undefined) this.heldKeys.add(key);
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
