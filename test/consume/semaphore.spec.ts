import { describe, expect, it } from '@jest/globals';
import { Semaphore } from '../../lib/consume/semaphore.js';
import { watch } from '../queue/harness.js';
import { turns } from './harness.js';

const { signal } = new AbortController();

describe('Semaphore', () => {
  it('grants as many permits as are requested, up to the number of free permits', async () => {
    const permits = new Semaphore(12);
    expect(await permits.acquire(10, signal)).toBe(10);
    expect(await permits.acquire(10, signal)).toBe(2);
    expect(permits.available).toBe(0);
  });

  it('grants a waiter the permits that are free after the first release', async () => {
    const permits = new Semaphore(3);
    await permits.acquire(3, signal);
    const waiting = permits.acquire(10, signal);
    const watched = watch(waiting);
    await turns();
    expect(watched.state).toBe('pending');
    permits.release(2);
    expect(await waiting).toBe(2);
  });

  it('wakes the next waiter with the permits that the first waiter leaves', async () => {
    const permits = new Semaphore(5);
    await permits.acquire(5, signal);
    const takers = [permits.acquire(2, signal), permits.acquire(2, signal), permits.acquire(2, signal)];
    permits.release(5);
    expect(await Promise.all(takers)).toEqual([2, 2, 1]);
  });

  it('grants an aborted waiter no permit and serves the next waiter instead', async () => {
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

  it('keeps the permit of a waiter free that is aborted in the turn of the release', async () => {
    const permits = new Semaphore(1);
    await permits.acquire(1, signal);
    const controller = new AbortController();
    const taker = permits.acquire(1, controller.signal);
    permits.release(1);
    controller.abort();
    expect([await taker, permits.available]).toEqual([0, 1]);
  });

  it('wakes the next waiter when the woken waiter is aborted in the same turn', async () => {
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

  it('resolves the wait for all permits once every permit is released, at once when all are free', async () => {
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

  it('throws when more permits are released than were taken', async () => {
    expect(() => new Semaphore(2).release(1)).toThrow('3 slots are free, 2 exist');
  });

  it('grants no permit while more permits are taken than exist', async () => {
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
