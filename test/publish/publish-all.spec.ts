import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EmitAllError, publishAll, type EmitAllOptions, type EmitAllResult } from '../../lib/publish/publish-all.js';
import { QueueError } from '../../lib/queue/queue-error.js';
import { seedRandom } from '../queue/harness.js';
import { Bench, codec, failure } from './harness.js';

seedRandom();

/** A result or the error of an emission, with the largest number of calls that waited at once. */
interface Ended {
  readonly result?: EmitAllResult;
  readonly error?: EmitAllError;
  readonly mostWaiting: number;
}

interface Item {
  readonly text: unknown;
  readonly groupId?: string;
}

/** Emits items through the publisher of a bench, and moves the time on until the emission has ended. */
async function emitAll(
  bench: Bench,
  items: Iterable<Item> | AsyncIterable<Item>,
  options?: EmitAllOptions,
): Promise<Ended> {
  let posted = 0;
  let mostWaiting = 0;
  const post = async ({ text, groupId }: Item) => {
    const call = { method: 'text', args: { text } };
    const posting = await bench.publisher.publishWhenRoom(call, groupId === undefined ? undefined : { groupId });
    posted += 1;
    const failed = bench.events.filter((event) => event.type === 'emit-failed' && event.queue !== 'the queue').length;
    mostWaiting = Math.max(mostWaiting, posted - bench.types.filter((type) => type === 'stored').length - failed);
    return posting;
  };
  let ended: Omit<Ended, 'mostWaiting'> | undefined;
  publishAll(items, post, options).then(
    (result) => (ended = { result }),
    (error: EmitAllError) => (ended = { error }),
  );
  for (let turns = 0; ended === undefined; turns += 1) {
    if (turns > 1_000) throw new Error('the emission does not end');
    await bench.clock.advance(1_000);
  }
  return { ...ended, mostWaiting };
}

const texts = (count: number): Item[] => Array.from({ length: count }, (_, at) => ({ text: `${at}` }));

describe('publishAll', () => {
  it('waits for room and stores every item in order, where single emits would find the buffer full', async () => {
    const bench = new Bench({ buffer: { calls: 3 } });
    const { result, mostWaiting } = await emitAll(bench, texts(50));
    expect(result).toEqual({ stored: 50, failed: 0, failures: [], ids: [] });
    expect(mostWaiting).toBe(3);
    expect(bench.texts).toEqual(texts(50).map(({ text }) => text));
    const full = new Bench({ buffer: { calls: 3 } });
    for (let at = 0; at < 4; at += 1) full.emit();
    await full.clock.advance(0);
    expect(full.states).toContain('buffer-full');
  });

  it('waits for bytes as well as for calls', async () => {
    const bench = new Bench({ buffer: { bytes: 100 } });
    const { result, mostWaiting } = await emitAll(bench, texts(20));
    expect([result?.stored, mostWaiting]).toEqual([20, 2]);
  });

  it('takes no item from the iterable before there is room for the item before', async () => {
    const bench = new Bench({ buffer: { calls: 2 }, deliveryTimeoutMs: 3_600_000 });
    bench.queue.fail('send', () => failure('network'));
    let taken = 0;
    function* endless(): Generator<Item> {
      for (;;) yield { text: `${taken++}` };
    }
    void publishAll(endless(), ({ text }) => bench.publisher.publishWhenRoom({ method: 'text', args: { text } })).catch(
      () => undefined,
    );
    await bench.clock.advance(60_000);
    expect(taken).toBe(3);
    void bench.publisher.close();
    await bench.clock.advance(10_000);
    expect(bench.clock.pending).toBe(0);
  });

  it('takes items of an asynchronous iterable and returns ids by position on request', async () => {
    const bench = new Bench();
    async function* items(): AsyncGenerator<Item> {
      for (const item of texts(12)) yield await Promise.resolve(item);
    }
    const { result } = await emitAll(bench, items(), { ids: true });
    expect(result?.ids).toEqual(bench.queue.messages().map(({ id }) => id));
    expect(result?.ids).toHaveLength(12);
  });

  it('stops at the first item that cannot be encoded and takes no further item', async () => {
    const bench = new Bench();
    const items = [...texts(2), { text: 7 }, { text: 'late' }][Symbol.iterator]();
    const { error } = await emitAll(bench, { [Symbol.iterator]: () => items });
    expect(error).toBeInstanceOf(EmitAllError);
    expect(error).toMatchObject({ code: 'emit-all-stopped', index: 2, stored: 2, failed: 1 });
    expect(error?.message).toMatch(
      /^emitAll stopped at item 2 \(2 stored, 1 not stored, later items not emitted\): .*text/,
    );
    expect(items.next()).toEqual({ done: false, value: { text: 'late' } });
    expect(bench.texts).toEqual(['0', '1']);
  });

  it('stops when the queue refuses a call, after all calls before have ended', async () => {
    const bench = new Bench({ buffer: { calls: 1 } });
    bench.queue.fail('send', ({ number }) => (number === 3 ? [failure('invalid', 'BadOne')] : undefined));
    const { error } = await emitAll(bench, texts(10));
    expect(error?.cause).toBeInstanceOf(QueueError);
    expect(error).toMatchObject({ index: 2 });
    expect(bench.texts).not.toContain('2');
    expect(error!.stored + error!.failed).toBe(bench.types.length);
  });

  it('collects the failures with their positions on request and goes on', async () => {
    const bench = new Bench();
    const items = texts(6).map((item, at) => (at % 2 === 1 ? { text: at } : item));
    const { result } = await emitAll(bench, items, { onError: 'collect', ids: true });
    expect(result).toMatchObject({ stored: 3, failed: 3 });
    expect(result?.failures.map(({ index }) => index)).toEqual([1, 3, 5]);
    expect(result?.ids.map((id) => id !== undefined)).toEqual([true, false, true, false, true, false]);
  });

  it('lists at most 1 000 failures and counts all of them', async () => {
    const { result } = await emitAll(
      new Bench(),
      texts(1_200).map((_, at) => ({ text: at })),
      { onError: 'collect' },
    );
    expect([result?.failed, result?.failures.length]).toEqual([1_200, 1_000]);
  });

  it('reports the error of the iterable with the position that it reached', async () => {
    const bench = new Bench();
    function* broken(): Generator<Item> {
      yield* texts(3);
      throw new Error('the file ended early');
    }
    const { error } = await emitAll(bench, broken(), { onError: 'collect' });
    expect(error).toMatchObject({ index: 3, stored: 3, failed: 0, cause: new Error('the file ended early') });
  });

  it('refuses a call that is larger than the whole buffer', async () => {
    const { error } = await emitAll(new Bench({ buffer: { bytes: 10 } }), texts(1));
    expect(error?.cause).toMatchObject({ code: 'buffer-full' });
  });

  it('ends when the publisher is closed while it waits for room', async () => {
    const bench = new Bench({ buffer: { calls: 1 }, flushTimeoutMs: 1_000, deliveryTimeoutMs: 3_600_000 });
    bench.queue.fail('send', () => failure('network'));
    const emission = emitAll(bench, texts(5));
    await bench.clock.advance(10);
    void bench.publisher.close();
    expect((await emission).error).toMatchObject({ index: 0, stored: 0, failed: 2 });
  });

  it.each([
    [{ onErrors: 'stop' }, 'emitAll: unknown option onErrors'],
    [{ onError: 'skip' }, 'onError'],
  ])('refuses the options %j', async (options, message) => {
    const { error } = await emitAll(new Bench(), texts(1), options as EmitAllOptions);
    expect(error?.message).toContain(message);
  });

  it('resolves at once without items', async () => {
    expect((await emitAll(new Bench(), [])).result).toEqual({ stored: 0, failed: 0, failures: [], ids: [] });
  });

  it('never exceeds the buffer, ends every item once and keeps the order of each group, whatever fails', async () => {
    const run = fc.record({
      calls: fc.integer({ min: 1, max: 5 }),
      groups: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 }),
      faults: fc.array(fc.constantFrom('none', 'throttled', 'network', 'invalid'), { maxLength: 20 }),
      fifo: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ calls, groups, faults, fifo }) => {
        const bench = new Bench({ buffer: { calls } }, { fifo, contentBasedDeduplication: fifo });
        bench.queue.fail('send', ({ number }) => {
          const kind = faults[number - 1] ?? 'none';
          if (kind === 'none') return undefined;
          return kind === 'network' ? failure('network') : [failure(kind as 'throttled', kind)];
        });
        const items = groups.map((group, at) => ({ text: `${group}:${at}`, groupId: `g${group}` }));
        const { result, mostWaiting } = await emitAll(bench, items, { onError: 'collect', ids: true });
        expect(mostWaiting).toBeLessThanOrEqual(calls);
        expect(result!.stored + result!.failed).toBe(items.length);
        const failed = new Set(result!.failures.map(({ index }) => index));
        const stored = bench.queue.messages().map(({ body }) => String(codec.decode(body)[0]!.args['text']));
        const expected = items.filter((_, at) => !failed.has(at)).map(({ text }) => text);
        expect([...stored].sort()).toEqual([...expected].sort());
        if (!fifo) return;
        const ofGroup = (list: readonly string[], group: number) => list.filter((text) => text.startsWith(`${group}:`));
        for (const group of [0, 1, 2]) expect(ofGroup(stored, group)).toEqual(ofGroup(expected, group));
      }),
      { numRuns: 60 },
    );
  });
});
