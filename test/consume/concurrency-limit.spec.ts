import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConcurrencyLimit } from '../../lib/consume/concurrency-limit.js';
import { watch } from '../queue/harness.js';
import { turns } from './harness.js';

const { signal } = new AbortController();

describe('the concurrency limit of a standard queue', () => {
  it('reserves only free slots and frees the slots that a receive did not fill', async () => {
    const room = new ConcurrencyLimit(25, false);
    expect([
      await room.reserve(() => 10, signal),
      await room.reserve(() => 10, signal),
      await room.reserve(() => 10, signal),
    ]).toEqual([10, 10, 5]);
    room.arrived(10, 3);
    expect(room.available).toBe(7);
  });
});

describe('the concurrency limit of a FIFO queue', () => {
  it('reserves only as many slots as messages of a single group could hold', async () => {
    const room = new ConcurrencyLimit(100, true);
    expect(await room.reserve(() => 10, signal)).toBe(10);
    // One seat is left beside the nine that the first receive may need.
    expect(await room.reserve(() => 10, signal)).toBe(2);
    expect(await room.reserve(() => 10, signal)).toBe(1);
    room.arrived(10, 0);
    expect(await room.reserve(() => 10, signal)).toBe(10);
  });

  it('keeps a slot free for another group however many messages of one group wait', async () => {
    const room = new ConcurrencyLimit(10, true);
    room.arrived(await room.reserve(() => 10, signal), 10);
    for (let i = 0; i < 9; i += 1) room.wait();
    expect(room.available).toBe(9);
    room.arrived(await room.reserve(() => 10, signal), 2);
    room.wait();
    expect([room.available, await room.reserve(() => 10, signal)]).toEqual([8, 1]);
  });

  it('keeps a waiting message in its concurrency slot until a waiting slot is free', async () => {
    const room = new ConcurrencyLimit(2, true);
    room.arrived(await room.reserve(() => 1, signal), 1);
    for (let i = 0; i < 10; i += 1) {
      room.arrived(await room.reserve(() => 1, signal), 1);
      room.wait();
    }
    room.arrived(await room.reserve(() => 1, signal), 1);
    room.wait();
    expect(room.available).toBe(0);
    room.releaseWaitingSlot();
    expect(room.available).toBe(1);
  });

  it('resolves empty when the last message has left its running or waiting slot', async () => {
    const room = new ConcurrencyLimit(2, true);
    room.arrived(await room.reserve(() => 2, signal), 2);
    room.wait();
    const empty = watch(room.whenIdle());
    room.releaseSlot();
    await turns();
    expect(empty.state).toBe('pending');
    room.releaseWaitingSlot();
    await turns();
    expect(empty.state).toBe('resolved');
    await new ConcurrencyLimit(1, true).whenIdle();
  });

  it('holds at most ten messages more than its slots and frees all slots under random steps', async () => {
    const step = fc.record({ what: fc.constantFrom('ask', 'answer', 'wait', 'next', 'end'), n: fc.nat(10) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 15 }), fc.array(step, { maxLength: 80 }), async (places, steps) => {
        const room = new ConcurrencyLimit(places, true);
        const open: number[] = [];
        let [running, waiting] = [0, 0];
        const most = (): number => running + waiting + open.reduce((sum, count) => sum + count, 0);
        for (const { what, n } of steps) {
          if (what === 'ask' && room.available > 0) open.push(await room.reserve(() => 1 + (n % 10), signal));
          if (what === 'answer' && open.length > 0) {
            const reserved = open.shift()!;
            const count = Math.min(n, reserved);
            room.arrived(reserved, count);
            running += count;
          }
          if (what === 'wait' && running > 1) {
            room.wait();
            [running, waiting] = [running - 1, waiting + 1];
          }
          if (what === 'next' && waiting > 0) {
            room.releaseWaitingSlot();
            waiting -= 1;
          }
          if (what === 'end' && running > 0) {
            room.releaseSlot();
            running -= 1;
          }
          expect(most()).toBeLessThanOrEqual(places + 10);
          expect(running).toBeLessThanOrEqual(places);
          // Nobody who waits keeps a free place from others while there are seats.
          if (open.length === 0 && waiting <= 10) expect(room.available).toBe(places - running);
        }
        for (const reserved of open.splice(0)) room.arrived(reserved, 0);
        for (; waiting > 0; waiting -= 1) room.releaseWaitingSlot();
        for (; running > 0; running -= 1) room.releaseSlot();
        await room.whenIdle();
        expect(room.available).toBe(places);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
