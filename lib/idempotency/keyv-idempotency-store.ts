import type { Clock } from '../queue/clock.js';
import type { ClaimResult, IdempotencyStore } from './idempotency-store.js';

/**
 * Lists the methods that the store needs of a `Keyv`: https://keyv.org
 *
 * @publicApi
 */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** Holds a claim with its end in ms since the epoch, or marks an event as handled. */
type Entry = { readonly owner: string; readonly until: number } | { readonly owner: string; readonly done: true };

/**
 * Stores events in any database with a Keyv adapter: Redis, Valkey, Postgres, MongoDB, Memcached
 * and others. Workers that share the database see each other's events. Give the store a `Keyv` with
 * its own namespace.
 *
 * Keyv has no atomic claim. Two workers that begin within one round trip to the database may both
 * get the claim.
 *
 * @example
 * new KeyvIdempotencyStore(
 *   new Keyv({ store: new KeyvRedis('redis://localhost:6379'), namespace: 'backup' }),
 * );
 * @publicApi
 */
export class KeyvIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly keyv: KeyvLike,
    /**
     * Reads the time of day. Other machines read the ends of claims, and a monotonic clock is valid
     * in its own process only.
     */
    private readonly clock: Pick<Clock, 'now'> = Date,
  ) {}

  async begin(key: string, owner: string, claimMs: number): Promise<ClaimResult> {
    const found = this.judge(asEntry(await this.keyv.get(key)), owner, claimMs);
    if (found) return found;
    const claim: Entry = { owner, until: this.clock.now() + claimMs };
    const stored = await this.keyv.set(key, claim, claimMs);
    // A Keyv with an unreachable store answers as if the store were empty. Another worker may also
    // have claimed the event at the same time.
    const kept = asEntry(await this.keyv.get(key));
    if (stored === false || kept === undefined)
      throw new Error('the store did not keep the claim of an event; check that the store is reachable');
    return this.judge(kept, owner, claimMs) ?? { state: 'claimed' };
  }

  async complete(key: string, owner: string, retentionMs: number): Promise<void> {
    const stored = await this.keyv.set(key, { owner, done: true } satisfies Entry, retentionMs);
    if (stored === false)
      throw new Error('the store did not remember a handled event; check that the store is reachable');
  }

  async release(key: string, owner: string): Promise<void> {
    const entry = asEntry(await this.keyv.get(key));
    if (entry?.owner === owner && 'until' in entry) await this.keyv.delete(key);
  }

  /**
   * Returns why `owner` may not handle the event, or undefined if `owner` may. The clock of another
   * machine may be far ahead, so no claim lasts longer than this owner's would.
   */
  private judge(entry: Entry | undefined, owner: string, claimMs: number): ClaimResult | undefined {
    if (!entry) return undefined;
    if ('done' in entry) return { state: 'done' };
    const leftMs = Math.min(entry.until - this.clock.now(), claimMs);
    return entry.owner === owner || leftMs <= 0 ? undefined : { state: 'busy', leftMs };
  }
}

/**
 * Parses a stored value. Other programs may write to the store, so an unknown shape gives
 * undefined.
 */
function asEntry(value: unknown): Entry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { owner, until, done } = value as {
    readonly owner?: unknown;
    readonly until?: unknown;
    readonly done?: unknown;
  };
  if (typeof owner !== 'string') return undefined;
  if (done === true) return { owner, done };
  return typeof until === 'number' && Number.isFinite(until) ? { owner, until } : undefined;
}
