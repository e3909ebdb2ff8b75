import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

describe('VirtualClock', () => {
  it('keeps its time until advance is called', async () => {
    const clock = new VirtualClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(250);
    expect(clock.now()).toBe(1250);
  });

  it('runs timers in order of time, and timers of the same time in order of creation', async () => {
    const clock = new VirtualClock(0);
    const seen: [string, number][] = [];
    const note = (name: string) => (): void => void seen.push([name, clock.now()]);
    clock.setTimer(note('late'), 30);
    clock.setTimer(note('early'), 10);
    clock.setTimer(note('early too'), 10);
    clock.setTimer(note('beyond'), 101);
    await clock.advance(100);
    expect(seen).toEqual([
      ['early', 10],
      ['early too', 10],
      ['late', 30],
    ]);
    expect(clock.now()).toBe(100);
    expect(clock.pending).toBe(1);
  });

  it('runs timers that other timers set during advance', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.setTimer(tick, 10);
    };
    clock.setTimer(tick, 10);
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('lets promises settle between timers', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10);
        for (let step = 0; step < 100; step++) await Promise.resolve();
        seen.push(clock.now());
      }
    };
    const done = loop();
    await clock.advance(30);
    await done;
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.pending).toBe(0);
  });

  it('does not run a cancelled timer', async () => {
    const clock = new VirtualClock(0);
    let ran = false;
    const cancel = clock.setTimer(() => (ran = true), 10);
    cancel();
    expect(clock.pending).toBe(0);
    await clock.advance(20);
    cancel();
    expect(ran).toBe(false);
  });
});
