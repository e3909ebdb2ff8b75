import { describe, expect, it } from '@jest/globals';
import { BufferFullError } from '../../lib/publish/publish-error.js';
import { resolvePublishOptions, type PublishOptions } from '../../lib/publish/publish-options.js';
import { seedRandom } from '../queue/harness.js';
import { Bench, failure } from './harness.js';

seedRandom();

describe('publish', () => {
  it('resolves with the message id of the stored call', async () => {
    const bench = new Bench();
    const id = bench.publisher.publish({ method: 'text', args: { text: 'x' } });
    await bench.clock.advance(0);
    expect(bench.queue.messages()).toMatchObject([{ id: await id }]);
    const messageId = await id;
    expect(bench.events).toEqual([{ type: 'stored', queue: 'memory', method: 'text', messageId, buffered: 0 }]);
  });

  it('keeps a call pending until the queue stores the call', async () => {
    const bench = new Bench({ lingerMs: 100 });
    bench.emit();
    await bench.clock.advance(99);
    expect([bench.states, bench.types]).toEqual([['pending'], []]);
    await bench.clock.advance(1);
    expect([bench.states, bench.types]).toEqual([['stored'], ['stored']]);
  });

  it('sends the calls of one turn in requests of ten', async () => {
    const bench = new Bench();
    const sends = bench.countSends();
    for (let i = 0; i < 25; i += 1) bench.emit(`${i}`);
    await bench.clock.advance(0);
    expect(sends).toEqual([10, 10, 5]);
    expect(bench.texts).toEqual(Array.from({ length: 25 }, (_, i) => `${i}`));
  });

  it('keeps each request within the byte limit of a batch', async () => {
    const bench = new Bench();
    const sends = bench.countSends();
    for (let i = 0; i < 10; i += 1) bench.emit('x'.repeat(225 * 1024));
    await bench.clock.advance(0);
    expect(sends).toEqual([3, 3, 3, 1]);
    expect(new Set(bench.states)).toEqual(new Set(['stored']));
  });

  it('ends each call with the outcome of its own entry', async () => {
    const bench = new Bench();
    bench.queue.fail('send', ({ number }) => (number === 1 ? [undefined, failure('invalid', 'BadOne')] : undefined));
    for (const text of ['a', 'b', 'c']) bench.emit(text);
    await bench.clock.advance(60_000);
    expect(bench.states).toEqual(['stored', 'BadOne', 'stored']);
    expect(bench.texts).toEqual(['a', 'c']);
    expect(bench.types.sort()).toEqual(['emit-failed', 'stored', 'stored']);
  });

  it('retries only the entries that failed temporarily', async () => {
    const bench = new Bench();
    const entries: number[] = [];
    bench.queue.fail('send', (call) => {
      entries.push(call.entries);
      return call.number <= 2 ? [failure('throttled'), undefined] : undefined;
    });
    for (const text of ['a', 'b', 'c']) bench.emit(text);
    await bench.clock.advance(60_000);
    expect(entries).toEqual([3, 1, 1]);
    expect(bench.states).toEqual(['stored', 'stored', 'stored']);
    expect(bench.texts).toEqual(['b', 'c', 'a']);
  });

  it('retries all entries when the whole request fails', async () => {
    const bench = new Bench();
    bench.queue.fail('send', 2);
    for (const text of ['a', 'b']) bench.emit(text);
    await bench.clock.advance(60_000);
    expect([bench.states, bench.texts]).toEqual([
      ['stored', 'stored'],
      ['a', 'b'],
    ]);
  });

  it('rejects a call with its last error after maxAttempts', async () => {
    const bench = new Bench({ maxAttempts: 3 });
    let calls = 0;
    bench.queue.fail('send', () => [failure('service', `Failure${++calls}`)]);
    bench.emit();
    await bench.clock.advance(60_000);
    expect([bench.states, calls, bench.types]).toEqual([['Failure3'], 3, ['emit-failed']]);
  });

  it('rejects a call with its last error when no request is answered for deliveryTimeoutMs', async () => {
    const bench = new Bench({ maxAttempts: 1, deliveryTimeoutMs: 4_000, retryBaseMs: 1_000 });
    let calls = 0;
    bench.queue.fail('send', () => failure('network', `Failure${++calls}`));
    bench.emit();
    await bench.clock.advance(3_999);
    expect(bench.states).toEqual(['pending']);
    await bench.clock.advance(60_000);
    expect([bench.states, bench.types]).toEqual([[`Failure${calls}`], ['emit-failed']]);
    expect(calls).toBeGreaterThan(2);
  });

  it('reports each call exactly once however the call ends', async () => {
    const bench = new Bench({ maxAttempts: 2 });
    bench.queue.fail('send', ({ number }) =>
      number === 1 ? [undefined, failure('invalid'), failure('service')] : failure('service'),
    );
    for (const text of ['a', 'b', 'c']) bench.emit(text);
    bench.watch(bench.publisher.publish({ method: 'nope', args: {} }));
    bench.watch(bench.publisher.publish({ method: 'text', args: { text: 5 } }));
    bench.emit('x', { attributes: { 'bad name': 'x' } });
    await bench.clock.advance(60_000);
    expect(bench.states).toEqual([
      'stored',
      'Scripted',
      'Scripted',
      'unknown-method',
      'ERR_THRIFT_WRITE',
      'bad-attribute',
    ]);
    expect(bench.types.filter((type) => type === 'stored')).toHaveLength(1);
    expect(bench.types.filter((type) => type === 'emit-failed')).toHaveLength(5);
    expect(bench.events).toContainEqual(
      expect.objectContaining({
        method: 'nope',
        error: expect.objectContaining({ code: 'unknown-method' }) as unknown,
      }),
    );
  });

  it('encodes arguments and attributes at the time of publish', async () => {
    const bench = new Bench();
    const args = { text: 'before' };
    const attributes: Record<string, string> = { trace: 'before' };
    bench.watch(bench.publisher.publish({ method: 'text', args }, { attributes }));
    args.text = attributes.trace = 'after';
    attributes.more = 'x'.repeat(2_000_000);
    await bench.clock.advance(0);
    expect(bench.texts).toEqual(['before']);
    expect({ ...bench.queue.messages()[0]!.attributes }).toEqual({ trace: 'before' });
  });
});

describe('the send buffer of a publisher', () => {
  function full(bench: Bench, kept: number): void {
    for (let i = 0; i < kept; i += 1) bench.emit();
    bench.emit('one more');
  }

  it.each([
    ['calls', { calls: 25 }, 25],
    ['bytes', { bytes: 110 }, 2],
  ])('limits the send buffer by %s and refuses further calls at once', async (_, buffer, kept) => {
    const bench = new Bench({ buffer });
    bench.queue.fail('send', () => failure('network'));
    full(bench, kept);
    await Promise.resolve();
    await Promise.resolve();
    expect(bench.states.filter((state) => state === 'pending')).toHaveLength(kept);
    expect(bench.states.at(-1)).toBe('buffer-full');
    expect(bench.ended.get(kept)).toMatchObject({ error: expect.any(BufferFullError) as unknown });
    expect(bench.types).toEqual(['emit-failed']);
  });

  it.each([
    ['calls', { calls: 3 }],
    ['bytes', { bytes: 140 }],
  ])('accepts as many %s again as stored or failed calls have freed', async (_, buffer) => {
    const bench = new Bench({ buffer, deliveryTimeoutMs: 0 });
    bench.queue.fail('send', 1);
    full(bench, 3);
    await bench.clock.advance(1000);
    full(bench, 3);
    await bench.clock.advance(1000);
    full(bench, 3);
    await bench.clock.advance(1000);
    expect(bench.states.map((state) => state[0]).join('')).toBe('SSSb' + 'sssb' + 'sssb');
  });

  it('keeps the send buffer within its limit during an outage and ends every call', async () => {
    const bench = new Bench({ buffer: { calls: 100 } });
    bench.queue.fail('send', () => (bench.clock.now() < 3000 ? failure('network') : undefined));
    for (let turn = 0; turn < 60; turn += 1) {
      for (let i = 0; i < 20; i += 1) bench.emit();
      expect(bench.states.filter((state) => state === 'pending').length).toBeLessThanOrEqual(100 + 20);
      await bench.clock.advance(100);
    }
    await bench.clock.advance(60_000);
    expect(bench.states).not.toContain('pending');
    expect(bench.queue.depth().visible).toBe(bench.states.filter((state) => state === 'stored').length);
    expect(bench.types).toHaveLength(bench.states.length);
  });
});

describe('a FIFO queue', () => {
  const emitThree = async (options: PublishOptions): Promise<{ texts: unknown[]; sends: number[] }> => {
    const bench = new Bench(options, { fifo: true });
    const sends: number[] = [];
    bench.queue.fail('send', ({ number, entries }) => {
      sends.push(entries);
      return number === 1 ? [failure()] : undefined;
    });
    for (const text of ['a', 'b', 'c']) bench.emit(text, { groupId: 'g', deduplicationId: text });
    await bench.clock.advance(60_000);
    expect(bench.states).toEqual(['stored', 'stored', 'stored']);
    return { texts: bench.texts, sends };
  };

  it('keeps the order of a group when one of its calls fails temporarily', async () => {
    expect(await emitThree({})).toEqual({ texts: ['a', 'b', 'c'], sends: [1, 1, 1, 1] });
  });

  it('sends fewer requests without strictOrder and may reorder the calls of a group', async () => {
    expect(await emitThree({ strictOrder: false })).toEqual({ texts: ['b', 'c', 'a'], sends: [3, 1] });
  });
});

describe('publish options', () => {
  it('fills in the default publish options', () => {
    expect(resolvePublishOptions()).toEqual({
      eventIds: false,
      maxInFlight: 4,
      lingerMs: 0,
      maxAttempts: 5,
      retryBaseMs: 100,
      bufferCalls: 10_000,
      bufferBytes: 67_108_864,
      flushTimeoutMs: 10_000,
      deliveryTimeoutMs: 10_000,
      strictOrder: true,
    });
    expect(resolvePublishOptions({ pack: true, lingerMs: 7 }).pack).toEqual({ maxBytes: 8192, lingerMs: 7 });
    expect(resolvePublishOptions({ pack: false })).not.toHaveProperty('pack');
  });

  it.each([
    [{ maxInFlight: 0 }, 'maxInFlight'],
    [{ maxInFlight: 65 }, 'maxInFlight'],
    [{ lingerMs: -1 }, 'lingerMs'],
    [{ maxAttempts: 0 }, 'maxAttempts'],
    [{ retryBaseMs: 0.5 }, 'retryBaseMs'],
    [{ buffer: { calls: 0 } }, 'buffer.calls'],
    [{ buffer: { bytes: NaN } }, 'buffer.bytes'],
    [{ flushTimeoutMs: Infinity }, 'flushTimeoutMs'],
    [{ pack: { maxBytes: 0 } }, 'pack.maxBytes'],
    [{ pack: { maxBytes: 1_048_577 } }, 'pack.maxBytes'],
    [{ pack: { lingerMs: -1 } }, 'pack.lingerMs'],
  ])('refuses the publish options %p', (options, name) => {
    expect(() => resolvePublishOptions(options)).toThrow(`${name} must be`);
  });
});
