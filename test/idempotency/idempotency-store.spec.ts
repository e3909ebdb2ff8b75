import { describe, expect, it, jest } from '@jest/globals';
import { Keyv } from 'keyv';
import type { IdempotencyStore } from '../../lib/idempotency/idempotency-store.js';
import { KeyvIdempotencyStore } from '../../lib/idempotency/keyv-idempotency-store.js';
import { MemoryIdempotencyStore } from '../../lib/idempotency/memory-idempotency-store.js';
import { systemClock } from '../../lib/queue/clock.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

/** A Map that forgets by a clock, as a Redis does: Keyv's own expiry looks at the machine's. */
function expiringMap(clock: VirtualClock): object {
  const entries = new Map<string, { value: unknown; endsAt: number }>();
  return {
    get: (key: string) => {
      const entry = entries.get(key);
      return entry && entry.endsAt > clock.now() ? entry.value : undefined;
    },
    set: (key: string, value: unknown, ttl: number) => entries.set(key, { value, endsAt: clock.now() + ttl }),
    delete: (key: string) => entries.delete(key),
    clear: () => entries.clear(),
  };
}

const STORES: Record<string, (clock: VirtualClock) => IdempotencyStore> = {
  MemoryIdempotencyStore: (clock) => new MemoryIdempotencyStore({ clock }),
  KeyvIdempotencyStore: (clock) => new KeyvIdempotencyStore(new Keyv({ store: expiringMap(clock) }), clock),
};

describe.each(Object.entries(STORES))('%s', (_, create) => {
  // By the machine's time: Keyv notes an expiry of its own with each entry.
  const begin = (): { store: IdempotencyStore; clock: VirtualClock } => {
    const clock = new VirtualClock(systemClock.now());
    return { store: create(clock), clock };
  };

  it('grants the claim to the first owner and returns the remaining time to other owners', async () => {
    const { store, clock } = begin();
    expect(await store.begin('e', 'a', 10_000)).toEqual({ state: 'claimed' });
    await clock.advance(4_000);
    expect(await store.begin('e', 'b', 10_000)).toEqual({ state: 'busy', leftMs: 6_000 });
    expect(await store.begin('f', 'b', 10_000)).toEqual({ state: 'claimed' });
  });

  it('extends a claim for its owner', async () => {
    const { store, clock } = begin();
    await store.begin('e', 'a', 10_000);
    await clock.advance(8_000);
    expect(await store.begin('e', 'a', 10_000)).toEqual({ state: 'claimed' });
    await clock.advance(8_000);
    expect(await store.begin('e', 'b', 10_000)).toEqual({ state: 'busy', leftMs: 2_000 });
  });

  it('grants an event to another owner when the claim expires', async () => {
    const { store, clock } = begin();
    await store.begin('e', 'a', 10_000);
    await clock.advance(10_000);
    expect(await store.begin('e', 'b', 10_000)).toEqual({ state: 'claimed' });
    // The first one comes to itself again, and it is not its any more.
    await store.release('e', 'a');
    expect(await store.begin('e', 'c', 10_000)).toEqual({ state: 'busy', leftMs: 10_000 });
  });

  it('grants an event to another owner as soon as the claim is released', async () => {
    const { store } = begin();
    await store.begin('e', 'a', 10_000);
    await store.release('e', 'a');
    expect(await store.begin('e', 'b', 10_000)).toEqual({ state: 'claimed' });
  });

  it('remembers a completed event for the given time', async () => {
    const { store, clock } = begin();
    await store.begin('e', 'a', 1_000);
    await store.complete('e', 'a', 60_000);
    await store.release('e', 'a');
    await clock.advance(59_999);
    expect(await store.begin('e', 'b', 1_000)).toEqual({ state: 'done' });
    await clock.advance(1);
    expect(await store.begin('e', 'b', 1_000)).toEqual({ state: 'claimed' });
  });

  it('marks an event as done even when another owner has claimed the event meanwhile', async () => {
    const { store, clock } = begin();
    await store.begin('e', 'a', 1_000);
    await clock.advance(2_000);
    await store.begin('e', 'b', 1_000);
    await store.complete('e', 'a', 60_000);
    expect(await store.begin('e', 'c', 1_000)).toEqual({ state: 'done' });
  });
});

describe('MemoryIdempotencyStore', () => {
  it('grants the claim to one of 50 concurrent owners', async () => {
    const store = new MemoryIdempotencyStore();
    const begun = await Promise.all(Array.from({ length: 50 }, (_, at) => store.begin('e', String(at), 1_000)));
    expect(begun.filter(({ state }) => state === 'claimed')).toHaveLength(1);
  });

  it('drops the oldest entries beyond maxEntries and all expired entries', async () => {
    const clock = new VirtualClock(0);
    const store = new MemoryIdempotencyStore({ maxEntries: 100, clock });
    for (let at = 0; at < 10_000; at += 1) await store.complete(`e${at}`, 'a', 60_000);
    expect(store.size).toBe(100);
    expect(await store.begin('e9899', 'b', 1_000)).toEqual({ state: 'claimed' });
    expect(await store.begin('e9999', 'b', 1_000)).toEqual({ state: 'done' });
    await clock.advance(60_000);
    await store.begin('e', 'a', 1_000);
    expect(store.size).toBe(1);
  });

  it('names maxEntries in the error for an invalid value', () => {
    expect(() => new MemoryIdempotencyStore({ maxEntries: 0 })).toThrow(/maxEntries/);
  });
});

describe('KeyvIdempotencyStore', () => {
  /** A store that is away. Keyv tells it to the listeners of `error`, and answers as if it were empty. */
  function away(): { store: KeyvIdempotencyStore; errors: unknown[] } {
    const fail = (): Promise<never> => Promise.reject(new Error('connection refused'));
    const keyv = new Keyv({ store: { get: fail, set: fail, delete: fail, clear: fail } });
    const errors: unknown[] = [];
    keyv.on('error', (error) => errors.push(error));
    return { store: new KeyvIdempotencyStore(keyv), errors };
  }

  it('rejects begin and complete when the Keyv store is unreachable', async () => {
    const { store, errors } = away();
    await expect(store.begin('e', 'a', 1_000)).rejects.toThrow(/did not keep the claim/);
    await expect(store.complete('e', 'a', 1_000)).rejects.toThrow(/did not remember/);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('stores the end of a claim as wall-clock time, which other machines share', async () => {
    const clock = jest.spyOn(systemClock, 'now').mockReturnValue(0);
    try {
      const keyv = new Keyv();
      const before = Date.now();
      await new KeyvIdempotencyStore(keyv).begin('e', 'a', 60_000);
      const { until } = (await keyv.get<{ until: number }>('e'))!;
      expect(until).toBeGreaterThanOrEqual(before + 60_000);
      expect(until).toBeLessThanOrEqual(Date.now() + 60_000);
    } finally {
      clock.mockRestore();
    }
  });

  it('ignores foreign values stored under the key of an event', async () => {
    const keyv = new Keyv();
    await keyv.set('e', { owner: 1 });
    await keyv.set('f', 'text');
    const store = new KeyvIdempotencyStore(keyv);
    expect(await store.begin('e', 'a', 1_000)).toEqual({ state: 'claimed' });
    expect(await store.begin('f', 'a', 1_000)).toEqual({ state: 'claimed' });
  });
});
