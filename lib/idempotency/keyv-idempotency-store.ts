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

interface Entry {
  readonly owner: string;
  /** Gives the end of the claim in ms since the epoch. Undefined once the event is done. */
  readonly until?: number;
}

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
    const found = this.judge(await this.keyv.get(key), owner);
    if (found) return found;
    await this.keyv.set(key, { owner, until: this.clock.now() + claimMs } satisfies Entry, claimMs);
    // A Keyv with an unreachable store answers as if the store were empty. Another worker may also
    // have claimed the event at the same time.
    const kept = await this.keyv.get(key);
    if (kept === undefined)
      throw new Error('the store did not keep the claim of an event; check that the store is reachable');
    return this.judge(kept, owner) ?? { state: 'claimed' };
  }

  async complete(key: string, owner: string, retentionMs: number): Promise<void> {
    const stored = await this.keyv.set(key, { owner } satisfies Entry, retentionMs);
    if (stored === false)
      throw new Error('the store did not remember a handled event; check that the store is reachable');
  }

  async release(key: string, owner: string): Promise<void> {
    const entry = asEntry(await this.keyv.get(key));
    if (entry?.owner === owner && entry.until !== undefined) await this.keyv.delete(key);
  }

  /** Returns why `owner` may not handle the event, or undefined if `owner` may. */
  private judge(value: unknown, owner: string): ClaimResult | undefined {
    const entry = asEntry(value);
    if (!entry) return undefined;
    if (entry.until === undefined) return { state: 'done' };
    const leftMs = entry.until - this.clock.now();
    return entry.owner === owner || leftMs <= 0 ? undefined : { state: 'busy', leftMs };
  }
}

/**
 * Parses a stored value. Other programs may write to the store, so an unknown shape gives
 * undefined.
 */
function asEntry(value: unknown): Entry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { owner, until } = value as { owner?: unknown; until?: unknown };
  if (typeof owner !== 'string' || (until !== undefined && typeof until !== 'number')) return undefined;
  return { owner, ...(until !== undefined && { until }) };
}
