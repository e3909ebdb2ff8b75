import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Bench, range, takes } from './harness.js';

describe('a paused Consumer', () => {
  it('handles and settles what is in hand, and is idle then', async () => {
    const bench = new Bench(takes(30_000));
    await bench.send(range(3));
    await bench.start(1_000);
    let idle = false;
    void bench.consumer
      .pause()
      .then(() => bench.consumer.whenIdle())
      .then(() => (idle = true));
    expect(bench.consumer.state).toMatchObject({ inHand: 3, runningCalls: 3, oldestInHandMs: 1_000 });
    await bench.clock.advance(28_900);
    expect(idle).toBe(false);
    await bench.clock.advance(100_000);
    expect([idle, bench.outcomes, bench.left]).toEqual([true, ['ack', 'ack', 'ack'], 0]);
    expect(bench.consumer.state).toMatchObject({ inHand: 0, runningCalls: 0, slotsTaken: 0, openReceives: 0 });
  });

  it('leaves new messages in the queue until the resume', async () => {
    const bench = new Bench();
    await bench.start(1_000);
    void bench.consumer.pause();
    await bench.clock.advance(25_000);
    await bench.send(range(5));
    await bench.clock.advance(600_000);
    expect([bench.handled, bench.left]).toEqual([[], 5]);
    bench.consumer.resume();
    await bench.clock.advance(1_000);
    expect([bench.handled, bench.left]).toEqual([range(5), 0]);
  });

  it('keeps the order of a group over pauses', async () => {
    const bench = new Bench(takes(2_000), { queue: { fifo: true } });
    await bench.send(range(12), { groupId: 'a' });
    await bench.start(1_000);
    for (let i = 0; i < 8; i += 1) {
      void bench.consumer.pause();
      await bench.clock.advance(3_000);
      bench.consumer.resume();
      await bench.clock.advance(1_500);
    }
    await bench.clock.advance(60_000);
    expect([bench.handled, bench.left]).toEqual([range(12), 0]);
  });

  it('stops as another one does, and does not receive after a resume', async () => {
    const bench = new Bench(takes(25_000));
    await bench.send(range(3));
    await bench.start(1_000);
    void bench.consumer.pause();
    // The long poll that was open has ended.
    await bench.clock.advance(21_000);
    const stopped = bench.consumer.stop();
    await bench.send(range(3, 4));
    bench.consumer.resume();
    await bench.clock.advance(30_000);
    expect(await stopped).toEqual([]);
    expect([bench.handled, bench.left]).toEqual([range(3), 3]);
  });

  it.each([true, false])(
    'loses nothing and handles nothing twice over many random pauses, abortable receives: %s',
    async (abortableReceive) => {
      const step = fc.record({
        runs: fc.integer({ min: 0, max: 3_000 }),
        pauses: fc.integer({ min: 0, max: 25_000 }),
        sends: fc.integer({ min: 0, max: 12 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), fc.boolean(), async (steps, ordered) => {
          const bench = new Bench(takes(40), {
            features: { abortableReceive },
            queue: ordered ? { fifo: true } : {},
          });
          await bench.start();
          let sent = 0;
          const send = async (count: number): Promise<void> => {
            await bench.send(range(count, sent + 1), ordered ? { groupId: 'a' } : {});
            sent += count;
          };
          for (const { runs, pauses, sends } of steps) {
            await send(sends);
            await bench.clock.advance(runs);
            void bench.consumer.pause();
            await send(sends);
            await bench.clock.advance(pauses);
            bench.consumer.resume();
          }
          await bench.clock.advance(120_000);
          expect(bench.left).toBe(0);
          expect([...bench.handled].sort((a, b) => a - b)).toEqual(range(sent));
        }),
        { numRuns: 40 },
      );
    },
  );
});
