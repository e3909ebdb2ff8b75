import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntryResult } from '../../lib/queue/queue.js';
import { Bench, OK, failed, failure, type Answer, type Item, type Request } from './harness.js';

function overlaps(requests: readonly Request[], key: string): boolean {
  const own = requests.filter(({ items }) => items.some((item) => item.key === key));
  return own.some((a, i) => own.slice(i + 1).some((b) => b.startedAt < a.endedAt));
}

function idsOf(requests: readonly Request[], key: string): number[] {
  return requests.flatMap(({ items }) => items.filter((item) => item.key === key).map(({ id }) => id));
}

describe('keys of a Batcher', () => {
  it('never sends entries of one key in two requests at once', async () => {
    const bench = new Bench();
    void bench.add(25, { key: 'a' });
    void bench.add(3, {}, 100);
    await bench.clock.advance(50);
    expect(bench.sizes).toEqual([10, 3]);
    await bench.clock.advance(1000);
    expect(idsOf(bench.requests, 'a')).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(overlaps(bench.requests, 'a')).toBe(false);
  });

  it('holds a key while its entries wait for a retry and sends other keys', async () => {
    const bench = new Bench((items, number) => items.map(() => (number === 1 ? failed() : OK)));
    void bench.add(2, { key: 'a' });
    await bench.clock.advance(200);
    void bench.add(1, { key: 'a' }, 2);
    void bench.add(1, { key: 'b' }, 3);
    await bench.clock.advance(2000);
    expect(bench.ids).toEqual([[0, 1], [3], [0, 1, 2]]);
  });

  it('frees a key when only another key of the request failed', async () => {
    const bench = new Bench((items, number) => items.map(({ key }) => (number === 1 && key === 'a' ? failed() : OK)));
    void bench.add(1, { key: 'a' });
    void bench.add(1, { key: 'b' }, 1);
    await bench.clock.advance(110);
    void bench.add(1, { key: 'b' }, 2);
    await bench.clock.advance(0);
    expect(bench.ids).toEqual([[0, 1], [2]]);
  });

  it('keeps the order of a key when a retry finds all requests open', async () => {
    const bench = new Bench((items, number) => items.map(() => (number === 1 ? failed() : OK)), { maxInFlight: 1 });
    void bench.add(1, { key: 'a' });
    await bench.clock.advance(1050);
    void bench.add(1, { key: 'b' }, 1);
    await bench.clock.advance(55);
    void bench.add(1, { key: 'a' }, 2);
    await bench.clock.advance(2000);
    expect(bench.ids).toEqual([[0], [1], [0, 2]]);
  });
});

type Fault = 'ok' | 'reject' | 'refuse' | readonly ('ok' | 'retry' | 'refuse')[];

const step = fc.record({
  wait: fc.integer({ min: 0, max: 250 }),
  count: fc.integer({ min: 1, max: 14 }),
  key: fc.constantFrom(undefined, 'a', 'b'),
});
const whole = fc.constantFrom<Fault>('ok', 'reject', 'refuse');
const partial = fc.array(fc.constantFrom<'ok' | 'retry' | 'refuse'>('ok', 'retry', 'refuse'), { maxLength: 10 });
const shape = fc.record({
  maxInFlight: fc.integer({ min: 1, max: 4 }),
  maxEntries: fc.integer({ min: 1, max: 10 }),
  lingerMs: fc.constantFrom(0, 30).map((ms) => () => ms),
});

const OUTCOMES = { ok: OK, retry: failed('service'), refuse: failed('invalid'), reject: failed('network') };

/** Plays the steps against the faults. Returns the answers and the final result of each item. */
async function play(
  steps: readonly { wait: number; count: number; key: string | undefined }[],
  faults: readonly Fault[],
  options: object,
): Promise<{ bench: Bench; items: Item[]; answers: Map<number, EntryResult[]>; settled: Map<number, EntryResult> }> {
  const answers = new Map<number, EntryResult[]>();
  const settled = new Map<number, EntryResult>();
  const answer: Answer = (batch, number) => {
    const fault = faults[number - 1] ?? 'ok';
    const outcomes = batch.map((_, i): EntryResult => {
      return typeof fault === 'string' ? OUTCOMES[fault] : OUTCOMES[fault[i] ?? 'ok'];
    });
    batch.forEach(({ id }, i) => answers.set(id, [...(answers.get(id) ?? []), outcomes[i]!]));
    return fault === 'reject' ? failure('network') : outcomes;
  };
  const bench = new Bench(answer, options);
  const items: Item[] = [];
  for (const { wait, count, key } of steps) {
    await bench.clock.advance(wait);
    for (let i = 0; i < count; i += 1) {
      const item: Item = { id: items.length, ...(key !== undefined && { key }) };
      items.push(item);
      void bench.batcher.add(item).then((outcome) => settled.set(item.id, outcome));
    }
  }
  await bench.clock.advance(600_000);
  return { bench, items, answers, settled };
}

describe('random entries under random faults', () => {
  it('settles each entry once with its last outcome and never resends a settled entry', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(whole, partial), { maxLength: 12 }),
        shape,
        async (steps, faults, options) => {
          const { bench, items, answers, settled } = await play(steps, faults, options);
          expect(settled.size).toBe(items.length);
          for (const { id } of items) {
            const own = answers.get(id) ?? [];
            const last = own.at(-1) ?? OUTCOMES.reject;
            expect(settled.get(id)!.ok).toBe(last.ok);
            for (const earlier of own.slice(0, -1)) expect([OUTCOMES.retry, OUTCOMES.reject]).toContain(earlier);
            const tries = own.filter((outcome) => outcome !== OUTCOMES.reject).length;
            expect(tries).toBeLessThanOrEqual(3);
            if (last === OUTCOMES.retry) expect(tries).toBe(3);
            if (last === OUTCOMES.reject)
              expect(faults.filter((fault) => fault === 'reject').length).toBeGreaterThan(3);
          }
          for (const key of ['a', 'b']) expect(overlaps(bench.requests, key)).toBe(false);
          expect(bench.clock.pending).toBe(0);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  it('keeps the order of a key unless single entries of the key fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.array(whole, { maxLength: 12 }),
        shape,
        async (steps, faults, options) => {
          const { bench, items } = await play(steps, faults, options);
          for (const key of ['a', 'b']) {
            const last = new Map(idsOf(bench.requests, key).map((id, at) => [id, at]));
            const sent = [...last].sort(([, x], [, y]) => x - y).map(([id]) => id);
            // Items that were given up in an outage may never have been sent.
            const wanted = items.filter((item) => item.key === key && last.has(item.id));
            expect(sent).toEqual(wanted.map(({ id }) => id));
          }
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });

  it('sends one entry of a key at a time with oneOfKey to keep the order after a failure', async () => {
    const failOnce: Answer = (items, number) => items.map(({ id }) => (number === 1 && id === 0 ? failed() : OK));
    const bench = new Bench(failOnce, { oneOfKey: true });
    void bench.add(3, { key: 'a' });
    void bench.add(2, { key: 'b' }, 3);
    void bench.add(2, {}, 5);
    await bench.clock.advance(5000);
    expect(bench.ids[0]).toEqual([0, 3, 5, 6]);
    expect(idsOf(bench.requests, 'a')).toEqual([0, 0, 1, 2]);
    expect(idsOf(bench.requests, 'b')).toEqual([3, 4]);
  });
});
