import { setNewest } from '../common/newest-entries.js';
import { systemClock, type Clock } from '../queue/clock.js';
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

/** Holds a claim with its end in ms since the epoch and its length, or marks an event as handled. */
type Entry = Claim | { readonly owner: string; readonly done: true };

interface Claim {
  readonly owner: string;
  readonly until: number;
  /** Length in ms. Absent in claims of older versions. */
  readonly ms?: number;
}

/** A claim of another machine whose clock is ahead, and the end of the claim by the clock of this machine. */
interface EarlyClaim {
  readonly claim: Claim;
  readonly endsAt: number;
}

/** Longest claim in ms, which is the longest lease of SQS. A longer length in a store is damaged. */
const MAX_CLAIM_MS = 43_200_000;

/** Limits the remembered claims of machines whose clock is ahead. */
const MAX_EARLY = 10_000;

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
  private readonly early = new Map<string, EarlyClaim>();

  constructor(
    private readonly keyv: KeyvLike,
    /**
     * Reads the time of day. Other machines read the ends of claims, and a monotonic clock is valid
     * in its own process only.
     */
    private readonly clock: Pick<Clock, 'now'> = Date,
  ) {}

  async begin(key: string, owner: string, claimMs: number): Promise<ClaimResult> {
    const found = this.judge(key, asEntry(await this.keyv.get(key)), owner, claimMs);
    if (found) return found;
    const claim: Entry = { owner, until: this.clock.now() + claimMs, ms: claimMs };
    const stored = await this.keyv.set(key, claim, claimMs);
    // A Keyv with an unreachable store answers as if the store were empty. Another worker may also
    // have claimed the event at the same time.
    const kept = asEntry(await this.keyv.get(key));
    if (stored === false || kept === undefined)
      throw new Error('the store did not keep the claim of an event; check that the store is reachable');
    return this.judge(key, kept, owner, claimMs) ?? { state: 'claimed' };
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

  /** Returns why `owner` may not handle the event, or undefined if `owner` may. */
  private judge(key: string, entry: Entry | undefined, owner: string, claimMs: number): ClaimResult | undefined {
    if (!entry) return undefined;
    if ('done' in entry) return { state: 'done' };
    if (entry.owner === owner) return undefined;
    const leftMs = this.leftMs(key, entry, entry.ms ?? claimMs);
    return leftMs <= 0 ? undefined : { state: 'busy', leftMs };
  }

  /**
   * Returns the ms until a claim ends. A claim with more time left than its length is from a machine
   * whose clock is ahead, perhaps by hours. Such a claim lasts for its length from the moment at which
   * this store has first seen it. Its owner renews it earlier, if it still runs.
   */
  private leftMs(key: string, claim: Claim, ms: number): number {
    const leftMs = claim.until - this.clock.now();
    // A store with the time of day measures by the monotonic clock, which nobody sets.
    const now = (this.clock === Date ? systemClock : this.clock).now();
    const known = this.early.get(key);
    if (known?.claim.owner === claim.owner && known.claim.until === claim.until) {
      return Math.min(leftMs, known.endsAt - now);
    }
    this.early.delete(key);
    if (leftMs <= ms) return leftMs;
    setNewest(this.early, key, { claim, endsAt: now + ms }, MAX_EARLY);
    return ms;
  }
}

/**
 * Parses a stored value. Other programs may write to the store, so an unknown shape gives
 * undefined.
 */
function asEntry(value: unknown): Entry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { owner, until, ms, done } = value as {
    readonly owner?: unknown;
    readonly until?: unknown;
    readonly ms?: unknown;
    readonly done?: unknown;
  };
  if (typeof owner !== 'string') return undefined;
  if (done === true) return { owner, done };
  if (!isTime(until)) return undefined;
  return isTime(ms) && ms > 0 && ms <= MAX_CLAIM_MS ? { owner, until, ms } : { owner, until };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
