import { describe, expect, it } from '@jest/globals';
import { MemoryIdempotencyStore } from '../../lib/idempotency/memory-idempotency-store.js';
import { Asks, Bench, body, failure, range, type BenchOptions } from './harness.js';

/** Everything that fails is given up at once, if it counts. */
const STRICT: BenchOptions = {
  poisonPolicy: { type: 'drop' },
  retry: { baseSeconds: 10, jitter: 0, factor: 1, maxReceives: 1 },
  classifyError: () => ({ type: 'reject', detail: 'whatever it is' }),
};

/** A store that does not answer while it is away. */
class AwayStore extends MemoryIdempotencyStore {
  away = true;

  override async begin(
    ...args: Parameters<MemoryIdempotencyStore['begin']>
  ): ReturnType<MemoryIdempotencyStore['begin']> {
    if (this.away) throw new Error('away');
    return super.begin(...args);
  }
}

describe('a failure outside the message', () => {
  it.each([
    ['of one call', [1]],
    ['of several calls', [1, 2]],
  ])(
    'retries a body %s while the idempotency store fails, whatever classifyError and maxReceives say',
    async (_, numbers) => {
      const store = new AwayStore();
      const bench = new Bench(undefined, { ...STRICT, idempotency: { store } });
      for (const _each of range(5)) await bench.queue.send([{ body: body(...numbers) }]);
      await bench.start(55_000);
      expect([bench.handled, new Set(bench.outcomes), bench.left]).toEqual([[], new Set(['retry']), 5]);
      store.away = false;
      await bench.clock.advance(10_000);
      expect([bench.handled.length, bench.left]).toEqual([5 * numbers.length, 0]);
    },
  );

  it('retries a message whose content the queue cannot fetch, whatever classifyError and maxReceives say', async () => {
    const bench = new Bench(undefined, STRICT);
    await bench.send([1]);
    const receive = bench.queue.receive.bind(bench.queue);
    let away = true;
    bench.queue.receive = async (options) =>
      (await receive(options)).map((message) => (away ? { ...message, fault: failure('network') } : message));
    await bench.start(55_000);
    expect([bench.handled, new Set(bench.outcomes), bench.left]).toEqual([[], new Set(['retry']), 1]);
    away = false;
    await bench.clock.advance(30_000);
    expect([bench.handled, bench.left]).toEqual([[1], 0]);
  });

  it.each([
    ['an error of a queue', (): unknown => failure('network')],
    ['nothing', (): unknown => undefined],
  ])('counts a handler failure toward maxReceives when the handler throws %s', async (_, thrown) => {
    const bench = new Bench(
      () => {
        throw thrown();
      },
      { ...STRICT, classifyError: () => undefined },
    );
    await bench.send([1]);
    await bench.start(1_000);
    expect(bench.settled).toMatchObject([{ outcome: 'reject', reason: 'too-many-receives' }]);
  });

  it('retries a body with a rejected call when the idempotency store fails for another call', async () => {
    const store = new AwayStore();
    const bench = new Bench(
      () => {
        throw new Asks({ type: 'reject', detail: 'never' });
      },
      { ...STRICT, idempotency: { store } },
    );
    const begin = store.begin.bind(store);
    store.begin = async (key, ...rest) => {
      store.away = !key.endsWith('#0');
      return begin(key, ...rest);
    };
    await bench.queue.send([{ body: body(1, 2) }]);
    await bench.start(1_000);
    expect([bench.outcomes, bench.left]).toEqual([['retry'], 1]);
  });
});
