import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClaimResult, IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { Bench, takes } from '../harness.js';

const LEASE_SECONDS = 10;
/** Longest wait for an answer of a store. */
const ANSWER_MS = 5_000;

type Begin = () => unknown;

/** A store whose answers to `begin` come from the list, then `claimed`; completions and releases answer nothing. */
function storeOf(begins: readonly Begin[], ends: Begin = () => Promise.resolve()): IdempotencyStore {
  let next = 0;
  return {
    begin: () => (begins[next++] ?? claimed)() as Promise<ClaimResult>,
    complete: () => ends() as Promise<void>,
    release: () => ends() as Promise<void>,
  };
}

const claimed: Begin = () => Promise.resolve({ state: 'claimed' });
const answer =
  (value: unknown): Begin =>
  () =>
    Promise.resolve(value);
const never: Begin = () => new Promise(() => undefined);
const throws: Begin = () => {
  throw new Error('bad');
};

function benchWith(store: IdempotencyStore): Bench {
  return new Bench(undefined, {
    idempotency: { store },
    visibilityTimeoutSeconds: LEASE_SECONDS,
    retry: { baseSeconds: 1, maxSeconds: 1, jitter: 0 },
  });
}

/** Sends a message and runs until its message must have been handled: a wait for the store, a lease, and a receive. */
async function run(bench: Bench): Promise<void> {
  await bench.send([1], { attributes: { 'thrift-event-id': 'e1' } });
  await bench.start(ANSWER_MS + LEASE_SECONDS * 1000 + 1_000);
}

function expectHandledLater(bench: Bench): void {
  expect(bench.settled.map(({ outcome }) => outcome)).toEqual(['retry', 'ack']);
  expect(bench.settled[0]!.delaySeconds).toBeLessThanOrEqual(LEASE_SECONDS);
  expect({ handled: bench.handled, left: bench.left, skipped: bench.of('duplicate') }).toEqual({
    handled: [1],
    left: 0,
    skipped: [],
  });
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const huge = 'x'.repeat(1_000_000);

describe('an answer to begin that is no claim result', () => {
  it.each<[string, Begin]>([
    ['is undefined', answer(undefined)],
    ['is null', answer(null)],
    ['is true', answer(true)],
    ['is false', answer(false)],
    ['is 0', answer(0)],
    ['is 1', answer(1)],
    ['is a bigint', answer(1n)],
    ['is a symbol', answer(Symbol('claimed'))],
    ['is a function', answer(() => 'claimed')],
    ['is the text "OK" of Redis', answer('OK')],
    ['is the text "done"', answer('done')],
    ['is the text "claimed"', answer('claimed')],
    ['is a megabyte of text', answer(huge)],
    ['is an empty object', answer({})],
    ['is an array', answer(['done'])],
    ['is JSON text', answer('{"state":"done"}')],
    ['is a Map', answer(new Map([['state', 'done']]))],
    ['has no state', answer({ leftMs: 1 })],
    ['has a state of null', answer({ state: null })],
    ['has a state of true', answer({ state: true })],
    ['has a state in capitals', answer({ state: 'DONE' })],
    ['has a state with a space', answer({ state: 'done ' })],
    ['has a state of another word', answer({ state: 'completed' })],
    ['has a megabyte of state', answer({ state: huge })],
    ['has a String object as its state', answer({ state: Object('done') as unknown })],
    ['has an array as its state', answer({ state: ['done'] })],
    ['has a state that cannot be read', answer(Object.defineProperty({}, 'state', { get: throws }))],
    ['cannot be looked at', answer({ state: revoked.proxy })],
    ['wraps another answer', answer({ value: { state: 'done' } })],
    ['is busy without a time', answer({ state: 'busy' })],
    ['is busy for null', answer({ state: 'busy', leftMs: null })],
    ['is busy for NaN', answer({ state: 'busy', leftMs: NaN })],
    ['is busy for text', answer({ state: 'busy', leftMs: '1000' })],
    ['is busy for a bigint', answer({ state: 'busy', leftMs: 1000n })],
    ['is busy for a Date', answer({ state: 'busy', leftMs: new Date(1e15) })],
    ['never comes', never],
    ['is a thenable that never calls', () => ({ then: () => undefined })],
    ['is a thenable that throws', () => ({ then: throws })],
    ['is thrown', throws],
    ['is a rejection with undefined', () => Promise.reject(undefined as unknown as Error)],
    ['is a rejection with an answer', () => Promise.reject({ state: 'done' } as unknown as Error)],
  ])('delays the message, which is handled later: it %s', async (_, begin) => {
    const bench = benchWith(storeOf([begin]));
    await run(bench);
    expectHandledLater(bench);
    expect(String(bench.settled[0]!.error)).toMatch(
      /^IdempotencyStoreError: the idempotency store failed to begin: .{0,1000}$/s,
    );
  });

  it('delays the message, which is handled later, whatever the answer is', async () => {
    const isClaimResult = (value: unknown): boolean => {
      const { state } = Object(value ?? {}) as { readonly state?: unknown };
      return state === 'claimed' || state === 'done' || state === 'busy';
    };
    const odd = fc.oneof(
      fc.anything(),
      fc.record({ state: fc.anything(), leftMs: fc.anything() }, { requiredKeys: [] }),
      fc.record({ state: fc.constant('busy'), leftMs: fc.anything() }),
    );
    await fc.assert(
      fc.asyncProperty(odd, async (value) => {
        fc.pre(!isClaimResult(value) || (value as { readonly state: unknown }).state === 'busy');
        const bench = benchWith(storeOf([answer(value)]));
        await run(bench);
        expectHandledLater(bench);
        await bench.queue.close();
      }),
      { numRuns: 200 },
    );
  });
});

describe('an answer that is busy', () => {
  it.each([
    ['for longer than any lease', 1e18],
    ['for ever', Infinity],
    ['for twelve hours', 43_200_000],
    ['for less than no time', -1e18],
    ['for ever in the past', -Infinity],
    ['for no time', 0],
    ['for a part of a millisecond', 0.001],
  ])('hides the message for no longer than the lease that asked: %s', async (_, leftMs) => {
    const bench = benchWith(storeOf([answer({ state: 'busy', leftMs })]));
    await run(bench);
    expectHandledLater(bench);
    expect(bench.settled[0]!.error).toMatchObject({ code: 'event-in-progress' });
  });
});

describe('an answer that is done', () => {
  it('is the only one that acknowledges a message without its handler, and is reported', async () => {
    const bench = benchWith(storeOf([answer({ state: 'done', leftMs: 'odd', owner: 'somebody else' })]));
    await run(bench);
    expect({ handled: bench.handled, outcomes: bench.outcomes, left: bench.left }).toEqual({
      handled: [],
      outcomes: ['ack'],
      left: 0,
    });
    expect(bench.of('duplicate')).toMatchObject([{ eventId: 'e1' }]);
  });
});

describe('an answer to complete or release', () => {
  const odd: [string, Begin][] = [
    ['nothing, without a promise', () => undefined],
    ['false', answer(false)],
    ['a claim of another owner', answer({ state: 'busy', leftMs: 1e18 })],
    ['a rejection', () => Promise.reject(new Error('no'))],
    ['a rejection with undefined', () => Promise.reject(undefined as unknown as Error)],
    ['an error that is thrown', throws],
    ['a promise that never settles', never],
    ['a thenable that never calls', () => ({ then: () => undefined })],
  ];

  it.each(odd)('does not repeat a handled message: %s', async (_, ends) => {
    const bench = benchWith(storeOf([], ends));
    await run(bench);
    expect({ handled: bench.handled, outcomes: bench.outcomes, left: bench.left }).toEqual({
      handled: [1],
      outcomes: ['ack'],
      left: 0,
    });
  });

  it.each(odd)('does not end or hide a message whose handler failed: %s', async (_, ends) => {
    let fails = true;
    const bench = new Bench(
      () => {
        if (fails) throw ((fails = false), new Error('once'));
      },
      {
        idempotency: { store: storeOf([], ends) },
        visibilityTimeoutSeconds: LEASE_SECONDS,
        retry: { baseSeconds: 1, jitter: 0 },
      },
    );
    await run(bench);
    expect({ handled: bench.handled, outcomes: bench.outcomes }).toEqual({
      handled: [1, 1],
      outcomes: ['retry', 'ack'],
    });
  });
});

describe('a late answer to begin', () => {
  it('neither handles the message twice nor leaves an unhandled rejection', async () => {
    const late: ((error: Error) => void)[] = [];
    const bench = benchWith(storeOf([() => new Promise((_, reject) => late.push(reject))]));
    await run(bench);
    late[0]!(new Error('late'));
    await bench.clock.advance(LEASE_SECONDS * 1000);
    expectHandledLater(bench);
  });

  it('is waited for while the lease of the message is renewed', async () => {
    const slow: Begin = () =>
      new Promise((resolve) => bench.clock.setTimer(() => resolve({ state: 'claimed' }), 4_900));
    const bench: Bench = new Bench(takes(1_000), {
      idempotency: { store: storeOf([slow]) },
      visibilityTimeoutSeconds: 3,
    });
    await run(bench);
    expect({ handled: bench.handled, outcomes: bench.outcomes }).toEqual({ handled: [1], outcomes: ['ack'] });
  });
});
