import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, failure, textForBody } from './harness.js';

seedRandom();

const GIVE_UP_AFTER_MS = 10_000;
/** Longest time in ms between two looks at the calls of an outage. */
const LOOKED_EVERY_MS = 100;
/** Time in ms for which a body takes calls. The body is given up as late as its last call. */
const GROWS_MS = 500;

/** Text that fills about half of a body. */
const HALF = textForBody(4_000);

/** Runs a packing publisher whose queue does not answer during the outages, given in ms. */
function packing(outages: readonly (readonly [from: number, to: number])[], options: object = {}): Bench {
  const bench = new Bench({ pack: true, retryBaseMs: 100, deliveryTimeoutMs: GIVE_UP_AFTER_MS, ...options });
  const down = (): boolean => outages.some(([from, to]) => bench.clock.now() >= from && bench.clock.now() < to);
  bench.queue.fail('send', () => (down() ? failure('network') : undefined));
  return bench;
}

/** Runs a publisher whose first request has failed already. */
async function inOutage(until: number, options: object = {}): Promise<Bench> {
  const bench = packing([[0, until]], options);
  bench.emit('first');
  await bench.clock.advance(500);
  return bench;
}

/** True if the publisher closes at once, as it does if it holds no call. */
async function closes(bench: Bench): Promise<boolean> {
  const closing = watch(bench.publisher.close());
  await bench.clock.advance(0);
  return closing.state === 'resolved';
}

describe('packing while the queue does not answer', () => {
  it('sends new calls after an outage in which unsent bodies were given up', async () => {
    const bench = await inOutage(14_000);
    // More bodies than fit the single request that tests the queue.
    for (let i = 0; i < 40; i += 1) bench.emit(HALF);
    await bench.clock.advance(30_000);
    expect(new Set(bench.states)).toEqual(new Set(['Scripted']));
    for (const text of ['a', 'b']) bench.emit(text);
    await bench.clock.advance(0);
    expect(bench.states.slice(-2)).toEqual(['stored', 'stored']);
    expect(bench.texts).toEqual(['a', 'b']);
    expect(bench.types.filter((type) => type === 'emit-failed')).toHaveLength(41);
    expect(await closes(bench)).toBe(true);
  });

  it('adds no call to a body that was just given up', async () => {
    const bench = await inOutage(60_000, { deliveryTimeoutMs: 0 });
    for (let i = 0; i < 39; i += 1) bench.emit(HALF);
    while (bench.states.includes('pending')) await bench.clock.advance(1);
    bench.emit('a');
    await bench.clock.advance(0);
    expect(bench.states.at(-1)).toBe('pending');
  });

  it('keeps a call for deliveryTimeoutMs however long the other calls of its body have waited', async () => {
    // Tests the queue without long pauses.
    const bench = await inOutage(60_000, { retryBaseMs: 0 });
    for (let i = 0; i < 41; i += 1) bench.emit(HALF);
    await bench.clock.advance(GROWS_MS - 100);
    const late = bench.emit('x');
    await bench.clock.advance(GIVE_UP_AFTER_MS - 1);
    expect(bench.states.slice(late - 2)).toEqual(['Scripted', 'pending', 'pending']);
    await bench.clock.advance(100);
    expect(bench.states.slice(late - 2)).toEqual(['Scripted', 'Scripted', 'Scripted']);
  });

  it('gives up a call that has waited long enough however many calls follow', async () => {
    const bench = await inOutage(60_000);
    for (let i = 0; i < 41; i += 1) bench.emit(HALF);
    const first = bench.emit('x');
    for (let waited = 0; waited < GIVE_UP_AFTER_MS + GROWS_MS + LOOKED_EVERY_MS; waited += 100) {
      bench.emit('x');
      await bench.clock.advance(100);
    }
    expect(bench.states[first]).toBe('Scripted');
    expect(bench.states.at(-1)).toBe('pending');
  });

  it('ends every call once and gives up no call before deliveryTimeoutMs under random outages', async () => {
    const outage = fc.record({ after: fc.constantFrom(0, 500, 9_000), lasts: fc.constantFrom(2_000, 12_000, 25_000) });
    const emits = fc.record({
      after: fc.constantFrom(0, 0, 1, 300, 2_500, 8_000),
      count: fc.integer({ min: 1, max: 30 }),
      text: fc.constantFrom('x', 'x'.repeat(900), HALF),
      tenant: fc.constantFrom('a', 'b'),
    });
    const plans = fc.array(emits, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.array(outage, { maxLength: 3 }), plans, async (outages, plan) => {
        let end = 0;
        const bench = packing(outages.map(({ after, lasts }) => [(end += after), (end += lasts)] as const));
        const waits: number[] = [];
        const emit = (text: string, tenant: string): void => {
          const at = bench.clock.now();
          const publishing = bench.publisher.publish({ method: 'text', args: { text } }, { attributes: { tenant } });
          bench.watch(publishing);
          publishing.catch(() => waits.push(bench.clock.now() - at));
        };
        for (const { after, count, text, tenant } of plan) {
          await bench.clock.advance(after);
          for (let i = 0; i < count; i += 1) emit(text, tenant);
        }
        await bench.clock.advance(end + 60_000);
        emit('again', 'a');
        expect(await closes(bench)).toBe(true);
        expect(bench.states.at(-1)).toBe('stored');
        expect(bench.states.filter((state) => state === 'stored')).toHaveLength(bench.texts.length);
        expect(bench.types.filter((type) => type === 'emit-failed')).toHaveLength(waits.length);
        expect(bench.texts.length + waits.length).toBe(bench.states.length);
        for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(GIVE_UP_AFTER_MS);
      }),
      { numRuns: 60 },
    );
  });
});
