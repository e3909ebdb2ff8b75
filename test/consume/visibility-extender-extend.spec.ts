import { describe, expect, it } from '@jest/globals';
import type { Lease } from '../../lib/consume/delivery.js';
import { VisibilityExtender } from '../../lib/consume/visibility-extender.js';
import type { LeaseExtension, EntryResult } from '../../lib/queue/queue.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { watch } from '../queue/harness.js';
import { failure } from './harness.js';

class ExtendBench {
  readonly clock = new VirtualClock(0);
  readonly queue = createMemoryQueue({ clock: this.clock });
  /** Seconds of each hide. */
  readonly asked: number[] = [];
  open = 0;
  mostOpen = 0;
  answerMs = 0;
  fault: EntryResult | undefined;
  lost = 0;

  async lease(): Promise<Lease> {
    const { queue, clock } = this;
    const extend = queue.extend.bind(queue);
    queue.extend = async (entries: readonly LeaseExtension[]) => {
      this.asked.push(...entries.map(({ seconds }) => seconds));
      this.mostOpen = Math.max(this.mostOpen, ++this.open);
      if (this.answerMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, this.answerMs));
      const outcomes = this.fault ? entries.map(() => this.fault!) : await extend(entries);
      this.open -= 1;
      return outcomes;
    };
    const report = (): void => void (this.lost += 1);
    const extender = new VisibilityExtender({ queue, clock, report, visibilityTimeoutSeconds: 30, random: () => 0.5 });
    await queue.send([{ body: 'x' }]);
    const [message] = await queue.receive({ max: 1, waitSeconds: 0, visibilityTimeoutSeconds: 30 });
    return extender.track(message!, message!.receivedAt);
  }

  get visibleAt(): number {
    return this.queue.messages()[0]!.visibleAt;
  }
}

describe('extending a lease', () => {
  it('counts a lease extension from now and renews at half of the extended lease', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    await bench.clock.advance(10_000);
    await lease.extend(600);
    expect(bench.visibleAt).toBe(610_000);
    await bench.clock.advance(299_999);
    expect(bench.asked).toEqual([600]);
    await bench.clock.advance(1);
    expect(bench.asked).toEqual([600, 30]);
  });

  it('renews a lease earlier after an extension to a shorter time', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    await lease.extend(4);
    await bench.clock.advance(2_000);
    expect(bench.asked).toEqual([4, 30]);
  });

  it('limits a lease extension to 12 hours after the receive', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    await bench.clock.advance(3_600_000);
    await lease.extend(43_200);
    expect(bench.visibleAt).toBeLessThanOrEqual(43_200_000);
    expect(bench.visibleAt).toBeGreaterThan(43_190_000);
  });

  it('loses a lease at the end of a shorter extension that is not answered yet', async () => {
    const bench = new ExtendBench();
    bench.answerMs = 10_000;
    const lease = await bench.lease();
    void lease.extend(4).catch(() => undefined);
    await bench.clock.advance(3_999);
    expect(lease.lost).toBe(false);
    await bench.clock.advance(1);
    expect([lease.lost, lease.signal.aborted, bench.lost]).toEqual([true, true, 1]);
  });

  it('renews soon after a shorter extension that failed, since the queue may have shortened the lease', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    bench.fault = { ok: false, error: failure('network') };
    await expect(lease.extend(4)).rejects.toThrow();
    bench.fault = undefined;
    await bench.clock.advance(3_000);
    expect([bench.asked, lease.lost]).toEqual([[4, 30], false]);
  });

  it.each([0, -1, 0.5, NaN, 43_201])(
    'refuses a lease extension by %d seconds before any request to the queue',
    async (seconds) => {
      const bench = new ExtendBench();
      const lease = await bench.lease();
      await expect(lease.extend(seconds)).rejects.toThrow(RangeError);
      expect(bench.asked).toEqual([]);
    },
  );

  it('rejects a failed extension with the queue error and keeps renewing the lease', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    const error = failure('throttled');
    bench.fault = { ok: false, error };
    await expect(lease.extend(60)).rejects.toBe(error);
    bench.fault = undefined;
    await bench.clock.advance(15_000);
    expect([bench.asked, lease.lost]).toEqual([[60, 30], false]);
  });

  it('aborts the lease signal when an extension finds the lease lost', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    bench.fault = { ok: false, error: failure('lease-lost') };
    await expect(lease.extend(60)).rejects.toMatchObject({ kind: 'lease-lost' });
    expect([lease.lost, lease.signal.aborted, bench.lost]).toEqual([true, true, 1]);
    await expect(lease.extend(60)).rejects.toMatchObject({ code: 'LeaseEnded', kind: 'lease-lost' });
    expect(bench.asked).toEqual([60]);
  });

  it('never runs a lease extension concurrently with a renewal or another extension', async () => {
    const bench = new ExtendBench();
    bench.answerMs = 5_000;
    const lease = await bench.lease();
    await bench.clock.advance(14_000);
    const first = watch(lease.extend(600));
    const second = watch(lease.extend(300));
    await bench.clock.advance(9_999);
    expect([first.state, second.state]).toEqual(['resolved', 'pending']);
    await bench.clock.advance(1);
    expect([second.state, bench.asked, bench.mostOpen]).toEqual(['resolved', [600, 300], 1]);
    expect(bench.visibleAt).toBe(24_000 + 300_000);
  });

  it('starts a lease extension only after the open renewal ends', async () => {
    const bench = new ExtendBench();
    bench.answerMs = 2_000;
    const lease = await bench.lease();
    await bench.clock.advance(16_000);
    void lease.extend(600);
    await bench.clock.advance(10_000);
    expect([bench.asked, bench.mostOpen]).toEqual([[30, 600], 1]);
  });

  it('resolves stop only after an open lease extension ends', async () => {
    const bench = new ExtendBench();
    bench.answerMs = 5_000;
    const lease = await bench.lease();
    void lease.extend(600);
    const stopped = watch(lease.stop());
    await bench.clock.advance(4_999);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(1);
    expect([stopped.state, bench.clock.pending]).toEqual(['resolved', 0]);
  });

  it('resolves stop only after a lease extension that waits for a renewal ends', async () => {
    const bench = new ExtendBench();
    bench.answerMs = 2_000;
    const lease = await bench.lease();
    await bench.clock.advance(16_000);
    void lease.extend(600);
    await bench.clock.advance(1_500);
    const stopped = watch(lease.stop());
    await bench.clock.advance(1_499);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(1);
    expect([stopped.state, bench.asked]).toEqual(['resolved', [30, 600]]);
  });

  it('refuses a lease extension after stop', async () => {
    const bench = new ExtendBench();
    const lease = await bench.lease();
    await lease.stop();
    await expect(lease.extend(600)).rejects.toMatchObject({ code: 'LeaseEnded' });
    expect([bench.asked, bench.clock.pending]).toEqual([[], 0]);
  });
});
