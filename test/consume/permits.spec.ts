import { describe, expect, it } from '@jest/globals';
import { Semaphore } from '../../lib/consume/semaphore.js';
import { watch } from '../queue/harness.js';
import { turns } from './harness.js';

const { signal } = new AbortController();

describe('Permits', () => {
  it('gives up to what is asked of what is free', async () => {
    const permits = new Semaphore(12);
    expect(await permits.acquire(10, signal)).toBe(10);
    expect(await permits.acquire(10, signal)).toBe(2);
    expect(permits.available).toBe(0);
  });

  it('lets a taker wait for the first release, and gives it what is free then', async () => {
    const permits = new Semaphore(3);
    await permits.acquire(3, signal);
    const waiting = permits.acquire(10, signal);
    const watched = watch(waiting);
    await turns();
    expect(watched.state).toBe('pending');
    permits.release(2);
    expect(await waiting).toBe(2);
  });

  it('wakes the next taker with what the first one leaves', async () => {
    const permits = new Semaphore(5);
    await permits.acquire(5, signal);
    const takers = [permits.acquire(2, signal), permits.acquire(2, signal), permits.acquire(2, signal)];
    permits.release(5);
    expect(await Promise.all(takers)).toEqual([2, 2, 1]);
  });

  it('gives nothing to an aborted taker and forgets it', async () => {
    const permits = new Semaphore(1);
    await permits.acquire(1, signal);
    const controller = new AbortController();
    const gone = permits.acquire(1, controller.signal);
    const stays = permits.acquire(1, signal);
    controller.abort();
    expect(await gone).toBe(0);
    permits.release(1);
    expect(await stays).toBe(1);
    expect(await permits.acquire(1, controller.signal)).toBe(0);
  });

  it('loses no permit to a taker that is aborted and served at once', async () => {
    const permits = new Semaphore(1);
    await permits.acquire(1, signal);
    const controller = new AbortController();
    const taker = permits.acquire(1, controller.signal);
    permits.release(1);
    controller.abort();
    expect([await taker, permits.available]).toEqual([0, 1]);
  });

  it('wakes the next taker when the one that was woken is aborted in the same turn', async () => {
    const permits = new Semaphore(1);
    await permits.acquire(1, signal);
    const controller = new AbortController();
    const gone = permits.acquire(1, controller.signal);
    const stays = watch(permits.acquire(1, signal));
    permits.release(1);
    controller.abort();
    expect(await gone).toBe(0);
    await turns();
    expect([stays.state, permits.available]).toEqual(['resolved', 0]);
  });

  it('is all home when every permit is back, and at once when none is out', async () => {
    const permits = new Semaphore(2);
    await permits.whenIdle();
    await permits.acquire(2, signal);
    const home = watch(permits.whenIdle());
    permits.release(1);
    await turns();
    expect(home.state).toBe('pending');
    permits.release(1);
    await turns();
    expect(home.state).toBe('resolved');
  });

  it('refuses more than were taken', async () => {
    expect(() => new Semaphore(2).release(1)).toThrow('3 permits are home, 2 exist');
  });

  it('gives out nothing while more are out than exist', async () => {
    const permits = new Semaphore(2);
    await permits.acquire(2, signal);
    permits.release(-1);
    const taker = watch(permits.acquire(1, signal));
    permits.release(1);
    await turns();
    expect(taker.state).toBe('pending');
    permits.release(1);
    await turns();
    expect(taker.state).toBe('resolved');
  });
});
