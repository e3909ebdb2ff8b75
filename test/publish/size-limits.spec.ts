import { describe, expect, it } from '@jest/globals';
import { type MessageSender } from '#lib/queue/queue.js';
import { Bench } from './harness.js';

const KIB = 1024;

/** A queue that accepts fewer bytes than its limits state. */
function strict(messageBytes: number, options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench({ maxInFlight: 1, ...options }, { limits: { messageBytes, batchBytes: messageBytes } });
  const limits = { ...bench.queue.limits, messageBytes: 1024 * KIB, batchBytes: 1024 * KIB };
  Object.assign(bench.queue satisfies MessageSender, { limits });
  return bench;
}

const learnedIn = (bench: Bench): object[] => bench.events.filter(({ type }) => type === 'size-limit-learned');

describe('a queue that accepts less than its limits state', () => {
  it('gets smaller requests, and a warning event reports them once', async () => {
    const bench = strict(256 * KIB);
    for (let i = 0; i < 40; i += 1) bench.emit('x'.repeat(60_000));
    await bench.clock.advance(10_000);
    expect(new Set(bench.states)).toEqual(new Set(['stored']));
    expect(learnedIn(bench)).toEqual([
      { type: 'size-limit-learned', queue: 'memory', of: 'request', refusedBytes: 400_160, maxBytes: 200_080 },
    ]);
  });

  it('fails a single call that is too large with the sizes and the advice', async () => {
    const bench = strict(256 * KIB);
    for (let i = 0; i < 10; i += 1) bench.emit('x'.repeat(60_000));
    await bench.clock.advance(10_000);
    const call = bench.emit('x'.repeat(210_000));
    await bench.clock.advance(10_000);
    const end = bench.ended.get(call) as { error: Error };
    expect(end.error).toMatchObject({ name: 'QueueError', kind: 'too-large', code: 'BatchRequestTooLong' });
    expect(end.error.message).toMatch(
      /^BatchRequestTooLong: text takes 280\d{3} bytes with its attributes, too many for memory \(its largest accepted request had 160\d{3}\): the queue "memory" refused the request: 280\d{3} bytes exceed/,
    );
    expect(bench.events.filter(({ type }) => type === 'emit-failed')).toHaveLength(1);
  });

  it('says no accepted size before a request was refused', async () => {
    const bench = strict(8 * KIB);
    bench.emit('x'.repeat(9_000));
    await bench.clock.advance(1_000);
    expect((bench.ended.get(0) as { error: Error }).error.message).toContain(
      'bytes with its attributes, too many for memory: the',
    );
  });
});

describe('a shared body that the queue refuses as too large', () => {
  const texts = Array.from({ length: 300 }, (_, at) => `${at} ${'x'.repeat(1_000)}`);

  it('is sent again in parts with every call, and later bodies are as small', async () => {
    const bench = strict(32 * KIB, { pack: { maxBytes: 256 * KIB } });
    for (const text of texts) bench.emit(text);
    await bench.clock.advance(10_000);
    expect(new Set(bench.states)).toEqual(new Set(['stored']));
    expect([...bench.texts].sort()).toEqual([...texts].sort());
    const sizes = bench.queue.messages().map(({ body }) => body.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * KIB);
    expect(learnedIn(bench)).toContainEqual(expect.objectContaining({ of: 'body' }));
    const sends = bench.countSends();
    for (const text of texts) bench.emit(text);
    await bench.clock.advance(10_000);
    expect(bench.queue.messages().length - sizes.length).toBe(sends.reduce((sum, entries) => sum + entries, 0));
  });

  it('does not linger a second time', async () => {
    const bench = strict(32 * KIB, { pack: { maxBytes: 256 * KIB, lingerMs: 5_000 } });
    for (const text of texts.slice(0, 100)) bench.emit(text);
    await bench.clock.advance(5_500);
    expect(new Set(bench.states)).toEqual(new Set(['stored']));
  });

  it('reports each of its calls once, with the id of its own message', async () => {
    const bench = strict(32 * KIB, { pack: { maxBytes: 256 * KIB } });
    for (const text of texts) bench.emit(text);
    await bench.clock.advance(10_000);
    const ids = bench.events.flatMap((event) => (event.type === 'stored' ? [event.messageId] : []));
    expect(ids).toHaveLength(texts.length);
    expect(new Set(ids)).toEqual(new Set(bench.queue.messages().map(({ id }) => id)));
  });

  it('loses no call if one of its calls is too large by itself', async () => {
    const bench = strict(32 * KIB, { pack: { maxBytes: 256 * KIB } });
    for (const text of ['a', 'x'.repeat(40_000), 'b', 'c']) bench.emit(text);
    await bench.clock.advance(10_000);
    expect(bench.texts).toEqual(['a', 'b', 'c']);
    // The calls of a body share one promise. The events say which call was not stored.
    expect(new Set(bench.states)).toEqual(new Set(['BatchRequestTooLong']));
    const ends = bench.types.filter((type) => type === 'stored' || type === 'emit-failed');
    expect(ends.sort()).toEqual(['emit-failed', 'stored', 'stored', 'stored']);
  });

  it('fails its calls when the client closes before the parts are stored', async () => {
    const bench = strict(32 * KIB, { pack: { maxBytes: 256 * KIB }, flushTimeoutMs: 1_000 });
    for (const text of texts) bench.emit(text);
    await bench.clock.advance(0);
    const closing = bench.publisher.close();
    await bench.clock.advance(10_000);
    await closing;
    expect(bench.states).not.toContain('pending');
    const ends = bench.types.filter((type) => type === 'stored' || type === 'emit-failed');
    expect(ends).toHaveLength(texts.length);
  });
});
