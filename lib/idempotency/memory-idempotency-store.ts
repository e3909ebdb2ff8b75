import { checkOptionNames, type OptionNames } from '../common/option-names.js';
import { systemClock, type Clock } from '../queue/clock.js';
import { numberOption } from '../queue/options.js';
import type { ClaimResult, IdempotencyStore } from './idempotency-store.js';

/**
 * Configures {@link MemoryIdempotencyStore}.
 *
 * @publicApi
 */
export interface MemoryIdempotencyStoreOptions {
  /**
   * Limits the remembered events, at about 200 bytes each. Beyond the limit the store forgets the
   * oldest events. 1 to 10 000 000, default 100 000.
   */
  readonly maxEntries?: number | undefined;
  readonly clock?: Clock | undefined;
}

const NAMES = { maxEntries: true, clock: true } satisfies OptionNames<MemoryIdempotencyStoreOptions>;

interface Entry {
  /** Names the owner of the claim. Undefined once the event is done. */
  readonly owner: string | undefined;
  readonly endsAt: number;
}

/**
 * Remembers events in memory, for a single process. Other processes do not see the events, and the
 * events are lost when the process ends.
 *
 * @publicApi
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  /** Holds the entries in the order of their last change, oldest first. */
  private readonly entries = new Map<string, Entry>();
  private readonly maxEntries: number;
  private readonly clock: Clock;

  /** @throws RangeError, TypeError `maxEntries` is out of range, or an option is unknown */
  constructor(options: MemoryIdempotencyStoreOptions = {}) {
    const { maxEntries, clock = systemClock } = checkOptionNames('MemoryIdempotencyStore', options, NAMES);
    this.maxEntries = numberOption('maxEntries', maxEntries, 100_000, 1, 10_000_000);
    this.clock = clock;
  }

  /** Counts the remembered events, including expired events that are not deleted yet. */
  get size(): number {
    return this.entries.size;
  }

  begin(key: string, owner: string, claimMs: number): Promise<ClaimResult> {
    const leftMs = (this.entries.get(key)?.endsAt ?? 0) - this.clock.now();
    const entry = leftMs > 0 ? this.entries.get(key) : undefined;
    if (entry && entry.owner === undefined) return Promise.resolve({ state: 'done' });
    if (entry && entry.owner !== owner) return Promise.resolve({ state: 'busy', leftMs });
    this.set(key, owner, claimMs);
    return Promise.resolve({ state: 'claimed' });
  }

  complete(key: string, _owner: string, retentionMs: number): Promise<void> {
    this.set(key, undefined, retentionMs);
    return Promise.resolve();
  }

  release(key: string, owner: string): Promise<void> {
    if (this.entries.get(key)?.owner === owner) this.entries.delete(key);
    return Promise.resolve();
  }

  private set(key: string, owner: string | undefined, ms: number): void {
    // Delete first: a Map keeps the position of an existing key.
    this.entries.delete(key);
    this.entries.set(key, { owner, endsAt: this.clock.now() + ms });
    for (const [oldest, { endsAt }] of this.entries) {
      if (this.entries.size <= this.maxEntries && endsAt > this.clock.now()) return;
      this.entries.delete(oldest);
    }
  }
}
