import { describe, expect, it } from '@jest/globals';
import { KeyvIdempotencyStore, type KeyvLike } from '../../lib/idempotency/keyv-idempotency-store.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

const CLAIM_MS = 10_000;
const HOURS_MS = 3_600_000;

/** A database that forgets nothing by itself, as a Postgres without a clean-up. */
class Database implements KeyvLike {
  readonly entries = new Map<string, unknown>();
  get = (key: string): Promise<unknown> => Promise.resolve(this.entries.get(key));
  set = (key: string, value: unknown): Promise<unknown> => Promise.resolve(this.entries.set(key, value));
  delete = (key: string): Promise<unknown> => Promise.resolve(this.entries.delete(key));
}

/** Asks until the event is claimed. Returns the ms until then, and the longest wait that was asked for. */
async function claimAfter(store: KeyvIdempotencyStore, clock: VirtualClock, most: number): Promise<object> {
  const start = clock.now();
  let longest = 0;
  while (clock.now() - start < most) {
    const claim = await store.begin('e', 'me', CLAIM_MS);
    if (claim.state !== 'busy') return { state: claim.state, ms: clock.now() - start, longest };
    longest = Math.max(longest, claim.leftMs);
    await clock.advance(Math.ceil(claim.leftMs));
  }
  return { state: 'busy', ms: clock.now() - start, longest };
}

describe('a claim in the database of a Keyv', () => {
  const now = 1_000_000_000_000;

  it.each<[string, unknown, number]>([
    [
      'of a dead worker whose clock is hours ahead',
      { owner: 'dead', until: now + 12 * HOURS_MS, ms: CLAIM_MS },
      CLAIM_MS,
    ],
    ['of an older version whose clock is hours ahead', { owner: 'dead', until: now + 12 * HOURS_MS }, CLAIM_MS],
    ['with an end beyond all dates', { owner: 'dead', until: 1e300, ms: CLAIM_MS }, CLAIM_MS],
    ['with a length beyond all leases', { owner: 'dead', until: 1e300, ms: 1e300 }, CLAIM_MS],
    ['with a length that is text', { owner: 'dead', until: 1e300, ms: '5' }, CLAIM_MS],
    ['with a length below zero', { owner: 'dead', until: 1e300, ms: -5 }, CLAIM_MS],
    [
      'of a dead worker whose clock is a little ahead',
      { owner: 'dead', until: now + CLAIM_MS + 50, ms: CLAIM_MS },
      CLAIM_MS,
    ],
    [
      'of a dead worker with a longer lease',
      { owner: 'dead', until: now + 3 * CLAIM_MS, ms: 3 * CLAIM_MS },
      3 * CLAIM_MS,
    ],
    ['of a worker whose clock is hours behind', { owner: 'dead', until: now - 12 * HOURS_MS, ms: CLAIM_MS }, 0],
    ['with an end that is text', { owner: 'dead', until: String(now + CLAIM_MS) }, 0],
    ['with an end that is NaN', { owner: 'dead', until: NaN }, 0],
    ['with an end for ever', { owner: 'dead', until: Infinity }, 0],
    ['without an owner', { until: now + CLAIM_MS }, 0],
    ['that is done with text', { owner: 'dead', done: 'true' }, 0],
    ['that is done with 1', { owner: 'dead', done: 1 }, 0],
    ['that is null', null, 0],
    ['that is an array', [now + CLAIM_MS], 0],
  ])('lasts no longer than its worker asked for: %s', async (_, entry, ms) => {
    const clock = new VirtualClock(now);
    const database = new Database();
    database.entries.set('e', entry);
    const found = await claimAfter(new KeyvIdempotencyStore(database, clock), clock, 24 * HOURS_MS);
    expect(found).toEqual({ state: 'claimed', ms, longest: ms });
  });

  it('of a living worker whose clock is ahead is kept as long as the worker renews it', async () => {
    const clock = new VirtualClock(now);
    const database = new Database();
    const other = new KeyvIdempotencyStore(database, { now: () => clock.now() + 12 * HOURS_MS });
    const store = new KeyvIdempotencyStore(database, clock);
    await other.begin('e', 'other', CLAIM_MS);
    for (let half = 0; half < 100; half += 1) {
      expect(await store.begin('e', 'me', CLAIM_MS)).toMatchObject({ state: 'busy' });
      await clock.advance(CLAIM_MS / 2);
      await other.begin('e', 'other', CLAIM_MS);
    }
    await other.complete('e', 'other', 60_000);
    expect(await store.begin('e', 'me', CLAIM_MS)).toEqual({ state: 'done' });
  });

  it('of a worker whose clock is ahead is taken by one of many workers in time', async () => {
    const clock = new VirtualClock(now);
    const database = new Database();
    database.entries.set('e', { owner: 'dead', until: now + 12 * HOURS_MS, ms: CLAIM_MS });
    const stores = Array.from({ length: 4 }, () => new KeyvIdempotencyStore(database, clock));
    let asks = 0;
    // Each delivery goes to the next worker, after the time that the one before was told.
    for (; asks < 100; asks += 1) {
      const claim = await stores[asks % 4]!.begin('e', `o${asks}`, CLAIM_MS);
      if (claim.state === 'claimed') break;
      await clock.advance(claim.state === 'busy' ? claim.leftMs : 0);
    }
    expect(asks).toBe(4);
  });
});
