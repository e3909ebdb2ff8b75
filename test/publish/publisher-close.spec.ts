import { describe, expect, it, jest } from '@jest/globals';
import { seedRandom, watch } from '../queue/harness.js';
import { Bench, failure } from './harness.js';

seedRandom();

describe('closing a publisher', () => {
  it('sends waiting calls at once and resolves close afterwards', async () => {
    const bench = new Bench({ lingerMs: 60_000 });
    bench.emit();
    bench.emit();
    await bench.clock.advance(1);
    const closed = watch(bench.publisher.close());
    await bench.clock.advance(0);
    expect([bench.states, closed.state, bench.clock.pending]).toEqual([['stored', 'stored'], 'resolved', 0]);
  });

  it('waits for due retries before close resolves', async () => {
    const bench = new Bench();
    bench.queue.fail('send', 3);
    bench.emit();
    const closed = watch(bench.publisher.close());
    await bench.clock.advance(9_999);
    expect([bench.states, closed.state, bench.clock.pending]).toEqual([['stored'], 'resolved', 0]);
  });

  it('refuses and reports a call that is published after close', async () => {
    const bench = new Bench();
    void bench.publisher.close();
    bench.emit();
    await bench.clock.advance(0);
    expect([bench.states, bench.types, bench.queue.messages()]).toEqual([['closed'], ['emit-failed'], []]);
  });

  it('rejects the remaining calls when flushTimeoutMs ends', async () => {
    const bench = new Bench({ flushTimeoutMs: 5000, maxAttempts: 20, retryBaseMs: 60_000 });
    bench.queue.fail('send', () => failure('network'));
    for (let i = 0; i < 30; i += 1) bench.emit();
    await bench.clock.advance(10);
    const closed = watch(bench.publisher.close());
    await bench.clock.advance(4999);
    expect(closed.state).toBe('pending');
    await bench.clock.advance(1);
    expect([closed.state, bench.clock.pending]).toEqual(['resolved', 0]);
    expect(new Set(bench.states)).toEqual(new Set(['ClientClosed']));
    expect(bench.types).toEqual(Array<string>(30).fill('emit-failed'));
  });

  it('rejects unstored calls at once when flushTimeoutMs is 0', async () => {
    const bench = new Bench({ flushTimeoutMs: 0, retryBaseMs: 1000 });
    bench.queue.fail('send', () => failure('network'));
    bench.emit();
    await bench.clock.advance(0);
    const closed = watch(bench.publisher.close());
    await bench.clock.advance(0);
    expect([bench.states, closed.state]).toEqual([['ClientClosed'], 'resolved']);
  });

  it.each([0, 400])(
    'closes without another opening when flushTimeoutMs ends in the pause after an opening: %d ms',
    async (flushTimeoutMs) => {
      const bench = new Bench({ flushTimeoutMs, retryBaseMs: 60_000 });
      let openings = 0;
      const { parts } = bench.publisher as unknown as { readonly parts: { open: () => Promise<never> } };
      parts.open = async () => {
        openings += 1;
        throw failure('network');
      };
      jest.mocked(Math.random).mockReturnValue(0.5);
      bench.emit();
      await bench.clock.advance(0);
      expect([bench.states, openings]).toEqual([['pending'], 1]);
      const closed = watch(bench.publisher.close());
      await bench.clock.advance(flushTimeoutMs);
      expect([bench.states, closed.state, openings, bench.clock.pending]).toEqual([['Scripted'], 'resolved', 1, 0]);
    },
  );

  it('closes once and leaves the queue open', async () => {
    const bench = new Bench();
    const closing = bench.publisher.close();
    expect(bench.publisher.close()).toBe(closing);
    await closing;
    await expect(bench.queue.send([{ body: 'x' }])).resolves.toMatchObject([{ ok: true }]);
  });
});
