import type { Failure } from './batch-results.js';
import { LearnedSize } from './learned-size.js';
import type { QueueError } from './queue-error.js';

/** An item that waits for its request. */
export interface PendingEntry<T, R> {
  readonly item: T;
  readonly key: string | undefined;
  /** Attempts that the queue answered. */
  attempts: number;
  /** True if the entry must not share a request. */
  alone: boolean;
  /** True once the entry has its result. A request may still carry the entry then. */
  ended: boolean;
  readonly addedAt: number;
  readonly resolve: (result: R) => void;
}

/** Ends an entry, once. */
export function endEntry<R>(entry: PendingEntry<unknown, R>, result: R): void {
  if (entry.ended) return;
  entry.ended = true;
  entry.resolve(result);
}

/** Fails entries that have not ended. */
export function failEntries(entries: readonly PendingEntry<unknown, Failure>[], error: QueueError): void {
  for (const entry of entries) endEntry(entry, { ok: false, error });
}

/** Measures the items of {@link PendingEntries}. */
export interface ItemMeasures<T> {
  /**
   * Returns the bytes of an item in a request. Called when the request is built, since an item may
   * grow until then. Default: 0.
   */
  sizeOf?(item: T): number;
  /**
   * Returns when an item last grew. The item counts as waiting from then on. Default: since it was
   * added.
   */
  grownAt?(item: T): number | undefined;
}

/** Limits one request. */
export interface RequestLimits {
  readonly maxEntries: number;
  /** Bytes of one request, by {@link ItemMeasures.sizeOf}. Default: unlimited. */
  readonly maxBytes?: number;
  /**
   * True if a request holds at most one item of a key. Items of a key then keep their order even if
   * only some items of a request fail. Default: false.
   */
  readonly oneOfKey?: boolean;
}

/**
 * Keeps entries in the order in which they will be sent. An entry waits while a request holds its
 * key, and keeps its place.
 */
export class PendingEntries<T, R> {
  private entries: PendingEntry<T, R>[] = [];
  /** Bytes of one request. Falls when the queue refuses requests as too large. */
  readonly size: LearnedSize;
  /** Keys of taken entries that were neither put back nor freed. */
  private readonly heldKeys = new Set<string>();

  constructor(
    private readonly measures: ItemMeasures<T>,
    private readonly limits: RequestLimits,
  ) {
    this.size = new LearnedSize(limits.maxBytes ?? Infinity);
  }

  get length(): number {
    return this.entries.length;
  }

  push(entry: PendingEntry<T, R>): void {
    this.entries.push(entry);
  }

  /**
   * Takes as many entries as fit one request, and holds their keys. Returns no entries if all of
   * them wait for held keys.
   */
  take(): PendingEntry<T, R>[] {
    const { maxBytes } = this.size;
    const batch: PendingEntry<T, R>[] = [];
    const passed: PendingEntry<T, R>[] = [];
    const taken = new Set<string | undefined>();
    let bytes = 0;
    let next = 0;
    for (; next < this.entries.length && !this.isFull(batch); next += 1) {
      const entry = this.entries[next]!;
      if (this.mustWait(entry, taken)) {
        passed.push(entry);
        continue;
      }
      bytes += this.sizeOf(entry);
      if (batch.length > 0 && (entry.alone || bytes > maxBytes)) break;
      batch.push(entry);
      if (this.limits.oneOfKey) taken.add(entry.key);
    }
    this.removeHead(next, passed);
    this.hold(batch);
    return batch;
  }

  /** True if a request has all its entries, or its only entry must travel alone. */
  private isFull(batch: readonly PendingEntry<T, R>[]): boolean {
    return batch.length >= this.limits.maxEntries || batch[0]?.alone === true;
  }

  /** True if an open request holds the key, or this request may hold it only once. */
  private mustWait({ key }: PendingEntry<T, R>, taken: ReadonlySet<string | undefined>): boolean {
    return key !== undefined && (this.heldKeys.has(key) || taken.has(key));
  }

  /** Counts the bytes of a request. */
  bytesOf(entries: readonly PendingEntry<T, R>[]): number {
    return entries.reduce((sum, entry) => sum + this.sizeOf(entry), 0);
  }

  private sizeOf({ item }: PendingEntry<T, R>): number {
    return this.measures.sizeOf?.(item) ?? 0;
  }

  /** Removes the first `count` entries, except the entries that were passed over. */
  private removeHead(count: number, passed: readonly PendingEntry<T, R>[]): void {
    const rest = this.entries.slice(count);
    this.entries = passed.length === 0 ? rest : [...passed, ...rest];
  }

  private hold(entries: readonly PendingEntry<T, R>[]): void {
    for (const { key } of entries) if (key !== undefined) this.heldKeys.add(key);
  }

  /** Time at which the first entry was added. */
  get oldestAt(): number {
    return this.entries[0]?.addedAt ?? Infinity;
  }

  /** Takes all entries. */
  takeAll(): PendingEntry<T, R>[] {
    return this.entries.splice(0);
  }

  /** Takes the entries that were added or last grew at `time` or before. */
  takeUntil(time: number): PendingEntry<T, R>[] {
    const early = this.entries.filter((entry) => this.waitsSince(entry) <= time);
    if (early.length > 0) this.entries = this.entries.filter((entry) => this.waitsSince(entry) > time);
    return early;
  }

  /** Returns the time since which an entry counts as waiting. */
  waitsSince({ item, addedAt }: PendingEntry<T, R>): number {
    return this.measures.grownAt?.(item) ?? addedAt;
  }

  /** Puts taken entries back to the front, and frees their keys. */
  putBack(entries: readonly PendingEntry<T, R>[]): void {
    this.free(entries);
    this.entries.unshift(...entries);
  }

  /** Frees the keys of entries that have ended. */
  free(entries: readonly PendingEntry<T, R>[]): void {
    for (const { key } of entries) if (key !== undefined) this.heldKeys.delete(key);
  }
}
