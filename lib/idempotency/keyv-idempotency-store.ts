import type { Clock } from '../queue/clock.js';
import type { ClaimResult, IdempotencyStore } from './idempotency-store.js';

/** What this needs of a `Keyv`: https://keyv.org */
export interface KeyvLike {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** What is stored for an event. */
interface Entry {
  readonly owner: string;
  /** When the claim ends, in ms since the epoch; undefined once it is done. */
  readonly until?: number;
}

/**
 * Over anything that Keyv has an adapter for: Redis, Valkey, Postgres, MongoDB, Memcached and others. Workers that share it see each
 * other's events. Give it a `Keyv` with a namespace of its own.
 *
 * Keyv has no atomic claim: of two workers that begin within the time of one round trip to the store, both may get it.
 *
 * @example
 * new KeyvIdempotencyStore(new Keyv({ store: new KeyvRedis('redis://localhost:6379'), namespace: 'backup' }))
 */
export class KeyvIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly keyv: KeyvLike,
    /** The time of day: the ends of claims are for other machines to read, which a clock of this process alone could not tell. */
    private readonly clock: Pick<Clock, 'now'> = Date,
  ) {}

  async begin(key: string, owner: string, claimMs: number): Promise<ClaimResult> {
    const found = this.judge(await this.keyv.get(key), owner);
    if (found) return found;
    await this.keyv.set(key, { owner, until: this.clock.now() + claimMs } satisfies Entry, claimMs);
    // A Keyv whose store is away answers as if it were empty; and another worker may have claimed it at the same time.
    const kept = await this.keyv.get(key);
    if (kept === undefined) throw new Error('the store did not keep the claim of an event; is it reachable?');
    return this.judge(kept, owner) ?? { state: 'claimed' };
  }

  async complete(key: string, owner: string, retentionMs: number): Promise<void> {
    const stored = await this.keyv.set(key, { owner } satisfies Entry, retentionMs);
    if (stored === false) throw new Error('the store did not remember that an event is handled; is it reachable?');
  }

  async release(key: string, owner: string): Promise<void> {
    const entry = asEntry(await this.keyv.get(key));
    if (entry?.owner === owner && entry.until !== undefined) await this.keyv.delete(key);
  }

  /** Why the event is not the owner's to handle; nothing when it is. */
  private judge(value: unknown, owner: string): ClaimResult | undefined {
    const entry = asEntry(value);
    if (!entry) return undefined;
    if (entry.until === undefined) return { state: 'done' };
    const leftMs = entry.until - this.clock.now();
    return entry.owner === owner || leftMs <= 0 ? undefined : { state: 'busy', leftMs };
  }
}

/** What somebody else may have put there is no entry. */
function asEntry(value: unknown): Entry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { owner, until } = value as { owner?: unknown; until?: unknown };
  if (typeof owner !== 'string' || (until !== undefined && typeof until !== 'number')) return undefined;
  return { owner, ...(until !== undefined && { until }) };
}
