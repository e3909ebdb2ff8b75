import { describe, expect, it } from '@jest/globals';
import { Semaphore } from '../../lib/consume/semaphore.js';
import { watch } from '../queue/harness.js';
import { turns } from './harness.js';

const { signal } = new AbortController();

describe('Semaphore', () => {
  it('grants as many slots as are requested, up to the number of free slots', async () => {
    const semaphore = new Semaphore(12);
    expect(await semaphore.acquire(10, signal)).toBe(10);
    expect(await semaphore.acquire(10, signal)).toBe(2);
    expect(semaphore.available).toBe(0);
  });

  it('grants a waiter the slots that are free after the first release', async () => {
    const semaphore = new Semaphore(3);
    await semaphore.acquire(3, signal);
    const waiting = semaphore.acquire(10, signal);
    const watched = watch(waiting);
    await turns();
    expect(watched.state).toBe('pending');
    semaphore.release(2);
    expect(await waiting).toBe(2);
  });

  it('wakes the next waiter with the slots that the first waiter leaves', async () => {
    const semaphore = new Semaphore(5);
    await semaphore.acquire(5, signal);
    const takers = [semaphore.acquire(2, signal), semaphore.acquire(2, signal), semaphore.acquire(2, signal)];
    semaphore.release(5);
    expect(await Promise.all(takers)).toEqual([2, 2, 1]);
  });

  it('grants an aborted waiter no slot and serves the next waiter instead', async () => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire(1, signal);
    const controller = new AbortController();
    const gone = semaphore.acquire(1, controller.signal);
    const stays = semaphore.acquire(1, signal);
    controller.abort();
    expect(await gone).toBe(0);
    semaphore.release(1);
    expect(await stays).toBe(1);
    expect(await semaphore.acquire(1, controller.signal)).toBe(0);
  });

  it('keeps the slot of a waiter free that is aborted in the turn of the release', async () => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire(1, signal);
    const controller = new AbortController();
    const taker = semaphore.acquire(1, controller.signal);
    semaphore.release(1);
    controller.abort();
    expect([await taker, semaphore.available]).toEqual([0, 1]);
  });

  it('wakes the next waiter when the woken waiter is aborted in the same turn', async () => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire(1, signal);
    const controller = new AbortController();
    const gone = semaphore.acquire(1, controller.signal);
    const stays = watch(semaphore.acquire(1, signal));
    semaphore.release(1);
    controller.abort();
    expect(await gone).toBe(0);
    await turns();
    expect([stays.state, semaphore.available]).toEqual(['resolved', 0]);
  });

  it('resolves the wait for all slots once every slot is released, at once when all are free', async () => {
    const semaphore = new Semaphore(2);
    await semaphore.whenIdle();
    await semaphore.acquire(2, signal);
    const idle = watch(semaphore.whenIdle());
    semaphore.release(1);
    await turns();
    expect(idle.state).toBe('pending');
    semaphore.release(1);
    await turns();
    expect(idle.state).toBe('resolved');
  });

  it('throws when more slots are released than were taken', async () => {
    expect(() => new Semaphore(2).release(1)).toThrow('3 slots are free, 2 exist');
  });

  it('grants no slot while more slots are taken than exist', async () => {
    const semaphore = new Semaphore(2);
    await semaphore.acquire(2, signal);
    semaphore.release(-1);
    const taker = watch(semaphore.acquire(1, signal));
    semaphore.release(1);
    await turns();
    expect(taker.state).toBe('pending');
    semaphore.release(1);
    await turns();
    expect(taker.state).toBe('resolved');
  });
});
