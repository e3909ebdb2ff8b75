import { describe, expect, it, jest } from '@jest/globals';
import { backoff, SingleTimer, sleep, systemClock } from '../../lib/queue/clock.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { watch } from './harness.js';

describe('backoff', () => {
  it.each([
    [0, 100],
    [1, 200],
    [3, 800],
    [6, 5000],
    [5000, 5000],
  ])('computes a random backoff of attempt %d up to %d ms', (attempt, most) => {
    const options = { baseMs: 100, maxMs: 5000 };
    expect(backoff(attempt, { ...options, random: () => 1 })).toBe(most);
    expect(backoff(attempt, { ...options, random: () => 0.25 })).toBe(most / 4);
    expect(backoff(attempt, { ...options, random: () => 0 })).toBe(0);
  });

  it('grows the backoff by a custom factor', () => {
    expect(backoff(2, { baseMs: 1, maxMs: 5000, factor: 10, random: () => 1 })).toBe(100);
  });

  it('computes a finite backoff after thousands of attempts', () => {
    expect(backoff(5000, { baseMs: 0, maxMs: 5000, random: () => 1 })).toBe(0);
  });
});

describe('a single timer', () => {
  it('runs its callback once for all starts while it runs', async () => {
    const clock = new VirtualClock(0);
    const ranAt: number[] = [];
    const timer = new SingleTimer(clock, () => void ranAt.push(clock.now()));
    timer.start(100);
    await clock.advance(50);
    timer.start(10);
    await clock.advance(1000);
    expect(ranAt).toEqual([100]);
    timer.start(10);
    await clock.advance(1000);
    expect(ranAt).toEqual([100, 1060]);
  });

  it('starts again after a cancel and leaves no timer', async () => {
    const clock = new VirtualClock(0);
    const ranAt: number[] = [];
    const timer = new SingleTimer(clock, () => void ranAt.push(clock.now()));
    timer.cancel();
    timer.start(100);
    timer.cancel();
    expect(clock.pending).toBe(0);
    timer.start(30);
    await clock.advance(1000);
    expect(ranAt).toEqual([30]);
  });
});

describe('sleep', () => {
  it('ends a sleep after its time', async () => {
    const clock = new VirtualClock();
    const slept = watch(sleep(clock, 100));
    await clock.advance(99);
    expect(slept.state).toBe('pending');
    await clock.advance(1);
    expect(slept.state).toBe('resolved');
  });

  it('ends a sleep when its signal aborts and leaves no timer', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const slept = watch(sleep(clock, 100, controller.signal));
    controller.abort();
    await clock.advance(0);
    expect([slept.state, clock.pending]).toEqual(['resolved', 0]);
  });

  it('sets no timer when the signal of a sleep has already aborted', async () => {
    const clock = new VirtualClock();
    await sleep(clock, 100, AbortSignal.abort());
    expect(clock.pending).toBe(0);
  });

  it('removes the abort listener when the sleep ends', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const remove = jest.spyOn(signal, 'removeEventListener');
    const slept = sleep(clock, 1, signal);
    await clock.advance(1);
    await slept;
    expect(remove).toHaveBeenCalledTimes(1);
  });
});

describe('the clock of the machine', () => {
  it('limits a timer delay to the maximum of setTimeout', () => {
    const set = jest.spyOn(globalThis, 'setTimeout');
    systemClock.setTimer(() => undefined, 2 ** 40)();
    expect(set.mock.calls[0]![1]).toBe(2 ** 31 - 1);
    set.mockRestore();
  });

  it.each([
    ['back by an hour', -3_600_000],
    ['forward by a minute', 60_000],
  ])('advances evenly while the wall clock is set %s', (_, ms) => {
    const wall = Date.now();
    expect(Math.abs(systemClock.now() - wall)).toBeLessThan(60_000);
    const set = jest.spyOn(Date, 'now').mockReturnValue(wall + ms);
    const [before, from] = [systemClock.now(), performance.now()];
    expect(Math.abs(before - wall)).toBeLessThan(Math.abs(ms) / 2);
    while (performance.now() - from < 5);
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(4);
    expect(Number.isInteger(systemClock.now())).toBe(true);
    set.mockRestore();
  });
});
