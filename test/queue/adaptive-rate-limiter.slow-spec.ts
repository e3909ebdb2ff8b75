import { describe, expect, it } from '@jest/globals';
import { AdaptiveRateLimiter } from '../../lib/queue/adaptive-rate-limiter.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';

/**
 * Runs a sender that wants to send `eager` requests per second, against a queue that accepts `cap`
 * requests in any second. Returns the sent and the accepted requests of each second.
 */
async function run(
  seconds: number,
  eager: number,
  cap: (second: number) => number,
): Promise<{ asked: number; taken: number }[]> {
  const clock = new VirtualClock(0);
  const rateLimiter = new AdaptiveRateLimiter(clock);
  const rows: { asked: number; taken: number }[] = [];
  const taken: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const row = { asked: 0, taken: 0 };
    for (let i = 0; i < eager; i += 1) {
      if (rateLimiter.delay() === 0) {
        rateLimiter.started();
        row.asked += 1;
        while (taken.length > 0 && taken[0]! <= clock.now() - 1_000) taken.shift();
        const throttled = taken.length >= cap(second);
        if (!throttled) {
          taken.push(clock.now());
          row.taken += 1;
        }
        rateLimiter.ended(throttled);
      }
      await clock.advance(1_000 / eager);
    }
    rows.push(row);
  }
  return rows;
}

const sum = (rows: readonly { asked: number; taken: number }[], key: 'asked' | 'taken'): number =>
  rows.reduce((total, row) => total + row[key], 0);

describe('the adaptive rate limiter', () => {
  it('allows every request while no request is throttled', async () => {
    const rows = await run(3, 200, () => Infinity);
    expect(sum(rows, 'asked')).toBe(600);
  });

  it('sends little more than a throttling queue accepts and reaches most of the queue limit', async () => {
    const rows = (await run(90, 200, () => 10)).slice(30);
    expect(sum(rows, 'asked')).toBeLessThanOrEqual(60 * 10 * 1.2);
    expect(sum(rows, 'taken')).toBeGreaterThanOrEqual(60 * 10 * 0.8);
  });

  it('returns to the full rate when throttling ends', async () => {
    const rows = await run(70, 200, (second) => (second < 30 ? 10 : Infinity));
    expect(sum(rows.slice(60), 'taken')).toBeGreaterThanOrEqual(10 * 200 * 0.8);
  });

  it('keeps sending a few requests while every request is throttled', async () => {
    const rows = await run(60, 100, () => 0);
    expect(sum(rows.slice(10), 'asked')).toBeGreaterThanOrEqual(20);
    expect(sum(rows.slice(10), 'asked')).toBeLessThanOrEqual(30);
  });
});
