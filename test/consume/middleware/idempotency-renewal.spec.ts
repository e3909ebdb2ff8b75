import { describe, expect, it } from '@jest/globals';
import type { ClaimResult, IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { KeyvIdempotencyStore, type KeyvLike } from '../../../lib/idempotency/keyv-idempotency-store.js';
import { sleep, type Clock } from '../../../lib/queue/clock.js';
import { Bench, takes, type BenchOptions, type Handler } from '../harness.js';

const EVENT = { attributes: { 'thrift-event-id': 'e1' } };

/** A bench with a store by its own clock. */
function bench(storeOf: (clock: Clock) => IdempotencyStore, handler: Handler, options: BenchOptions = {}): Bench {
  // The clock is the bench's, which needs the store first.
  const clock: Clock = { now: () => made.clock.now(), setTimer: (callback, ms) => made.clock.setTimer(callback, ms) };
  const retry = { baseSeconds: 1, jitter: 0 };
  const made: Bench = new Bench(handler, { idempotency: { store: storeOf(clock) }, retry, ...options });
  return made;
}

/** A store a tenth of a second away, three tenths for writing: what was begun may land after what was asked for later. */
function slowKeyv(clock: Clock): IdempotencyStore {
  const entries = new Map<string, unknown>();
  const later = async <T>(act: () => T, ms = 100): Promise<T> => {
    await sleep(clock, ms);
    return act();
  };
  const keyv: KeyvLike = {
    get: (key) => later(() => entries.get(key)),
    set: (key, value) => later(() => entries.set(key, value), 300),
    delete: (key) => later(() => entries.delete(key)),
  };
  return new KeyvIdempotencyStore(keyv, clock);
}

/** A store that answers the first `begin`, and each later one as told. */
function thenAnswering(renew: () => Promise<ClaimResult>): IdempotencyStore {
  let begun = false;
  return {
    begin: () => {
      if (begun) return renew();
      begun = true;
      return Promise.resolve({ state: 'claimed' });
    },
    complete: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}

describe('a claim that is being renewed when its handlers end', () => {
  // It runs from 0.5 s on, and its claim is renewed from 15.5 to 16 s.
  it.each([15_050, 15_250, 15_450])(
    'does not renew a claim over the completed event when the handler ends after %i ms',
    async (ms) => {
      const b = bench(slowKeyv, takes(ms));
      await b.send([1], EVENT);
      await b.start(17_000);
      expect(b.outcomes).toEqual(['ack']);
      await b.send([2], EVENT);
      await b.clock.advance(60_000);
      expect([b.handled, b.of('duplicate').length, b.left]).toEqual([[1], 1, 0]);
    },
  );

  it.each([15_050, 15_250, 15_450])(
    'does not renew a released claim when the handler fails after %i ms',
    async (ms) => {
      const b = bench(slowKeyv, async (n, delivery, clock) => {
        if (delivery.message.receiveCount > 1) return;
        await takes(ms)(n, delivery, clock);
        throw new Error('no');
      });
      await b.send([1], EVENT);
      await b.start(25_000);
      expect([b.handled, b.outcomes, b.left]).toEqual([[1, 1], ['retry', 'ack'], 0]);
    },
  );
});

describe('a store that does not renew a claim', () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const throws = (): never => {
    throw new Error('bad');
  };

  it.each<[string, () => Promise<ClaimResult>, RegExp]>([
    ['never answers', never, /renew: no answer within 5000 ms/],
    ['throws', throws, /renew: bad/],
    ['rejects with a value that is no error', () => Promise.reject(Object.create(null)), /renew: a thrown object/],
    ['answers nothing', () => Promise.resolve(undefined as never), /renew: /],
    [
      'has given the claim to another delivery',
      () => Promise.resolve({ state: 'busy', leftMs: 1_000 }),
      /renew: .*another delivery/,
    ],
    ['has the event marked as done', () => Promise.resolve({ state: 'done' }), /renew: .*another delivery/],
  ])('reports the failed renewal and acknowledges the message when the store %s', async (_, renew, message) => {
    const b = bench(() => thenAnswering(renew), takes(16_000));
    await b.send([1], EVENT);
    await b.start(15_999);
    expect(b.outcomes).toEqual([]);
    await b.clock.advance(5_000);
    expect([b.handled, b.outcomes, b.left]).toEqual([[1], ['ack'], 0]);
    expect(b.of('idempotency-failed')).toMatchObject([{ verb: 'renew', eventId: 'e1' }]);
    expect(String(b.of('idempotency-failed')[0]!.error)).toMatch(message);
  });

  it('asks the store for one renewal of a claim at a time', async () => {
    let asked = 0;
    const b = bench(() => thenAnswering(() => ((asked += 1), never())), takes(9_000), { visibilityTimeoutSeconds: 4 });
    await b.send([1], EVENT);
    await b.start(8_999);
    expect(asked).toBe(2);
  });
});
