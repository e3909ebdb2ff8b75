import { describe, expect, it } from '@jest/globals';
import { VisibilityExtender } from '../../lib/consume/visibility-extender.js';
import type { TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { failure, received, turns } from './harness.js';

const HOUR = 3_600_000;

/** Tracks a message that is read so long after the start of its receive. */
async function readLate(lateMs: number, extend: () => boolean = () => true) {
  const clock = new VirtualClock(1_000_000);
  const queue = createMemoryQueue({ clock });
  const events: TransportEvent[] = [];
  const asked: { readonly at: number; readonly seconds: number }[] = [];
  queue.extend = async (extensions) => {
    asked.push(...extensions.map(({ seconds }) => ({ at: clock.now() - 1_000_000, seconds })));
    const error = failure('network');
    return extensions.map(() => (extend() ? { ok: true } : { ok: false, error }));
  };
  const report = (event: TransportEvent): void => void events.push(event);
  const extender = new VisibilityExtender({ queue, clock, report, visibilityTimeoutSeconds: 30, random: () => 0.5 });
  const since = clock.now();
  await clock.advance(lateMs);
  const lease = extender.track(received('m', { receivedAt: clock.now() }), since);
  await turns(1);
  return { clock, lease, asked, events };
}

describe('the lease of a message that is read late', () => {
  it.each([
    [0, 15_000],
    [10_000, 15_000],
    [14_999, 15_000],
    [20_000, 20_000],
    [29_000, 29_000],
    [50_000, 50_000],
  ])('is counted from the start of the receive: read after %d ms, renewed at %d ms', async (lateMs, at) => {
    const { clock, asked, lease, events } = await readLate(lateMs);
    await clock.advance(Math.max(0, 15_000 - lateMs));
    expect(asked[0]).toEqual({ at, seconds: 30 });
    expect([lease.lost, events]).toEqual([false, []]);
  });

  it.each([
    [0, true],
    [20_000, true],
    [22_500, true],
    [22_501, false],
    [30_000, false],
    [500_000, false],
  ])(
    'lets the handler start at once while a quarter of the lease is left: read after %d ms, %p',
    async (lateMs, atOnce) => {
      const { lease, clock } = await readLate(lateMs);
      const { confirmed } = lease;
      expect(confirmed === undefined).toBe(atOnce);
      await clock.advance(0);
      await confirmed;
      expect([lease.confirmed, lease.lost]).toEqual([undefined, false]);
    },
  );

  it.each([
    [23_000, 30_000],
    [29_999, 30_000],
    [40_000, 40_000],
  ])('is lost if its extension keeps failing: read after %d ms, lost at %d ms', async (lateMs, lostAt) => {
    const { clock, lease, events } = await readLate(lateMs, () => false);
    let confirmed = false;
    void lease.confirmed?.then(() => (confirmed = true));
    await clock.advance(lostAt - lateMs - 1);
    if (lostAt > lateMs) expect(lease.lost).toBe(false);
    await clock.advance(1);
    expect([lease.lost, lease.signal.aborted, confirmed, clock.pending]).toEqual([true, true, true, 0]);
    expect(events.filter(({ type }) => type === 'lease-lost')).toHaveLength(1);
  });

  it('ends 12 hours after the start of the receive at the latest', async () => {
    const { clock, asked } = await readLate(20_000);
    await clock.advance(12 * HOUR);
    expect(Math.max(...asked.map(({ at, seconds }) => at + seconds * 1_000))).toBeLessThanOrEqual(12 * HOUR - 5_000);
  });

  it('lets the handler end at once if the worker gives up while the lease is not confirmed', async () => {
    const { lease } = await readLate(40_000);
    const { confirmed } = lease;
    lease.abort(new Error('the worker stops'));
    await confirmed;
    expect([lease.confirmed, lease.lost]).toEqual([undefined, false]);
  });
});
