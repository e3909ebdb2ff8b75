import { describe, expect, it } from '@jest/globals';
import { sleep } from '../../lib/queue/clock.js';
import type { EntryResult } from '../../lib/queue/queue.js';
import { watch } from '../queue/harness.js';
import { failure } from './harness.js';
import { KeeperBench } from './keeper-bench.js';

describe('stopping a lease', () => {
  it('waits for an open renewal, whose success keeps the lease', async () => {
    const bench = new KeeperBench();
    const [lease] = await bench.track();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      const results = await extend(entries);
      await sleep(bench.clock, 17_000);
      return results;
    };
    await bench.clock.advance(29_000);
    const stopped = watch(lease!.stop());
    await bench.clock.advance(2_500);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(500);
    expect([stopped.state, bench.clock.pending, bench.extender.size]).toEqual(['resolved', 0, 0]);
    expect([lease!.lost, lease!.signal.aborted, bench.events]).toEqual([false, false, []]);
  });

  it('loses the lease if an open renewal fails after the end of the lease', async () => {
    const bench = new KeeperBench();
    const [lease] = await bench.track();
    bench.queue.extend = async (entries) => {
      await sleep(bench.clock, 17_000);
      return entries.map((): EntryResult => ({ ok: false, error: failure('network') }));
    };
    await bench.clock.advance(29_000);
    const stopped = watch(lease!.stop());
    await bench.clock.advance(3_000);
    expect([stopped.state, lease!.lost, lease!.signal.aborted]).toEqual(['resolved', true, true]);
    expect(bench.events.map(({ type }) => type)).toEqual(['renew-failed', 'lease-lost']);
  });

  it('resolves stop only after the open renewal, whose response still counts', async () => {
    const bench = new KeeperBench();
    const [lease] = await bench.track();
    let answer!: () => void;
    bench.queue.extend = () =>
      new Promise((resolve) => (answer = () => resolve([{ ok: false, error: failure('lease-lost') }])));
    await bench.clock.advance(15_000);
    const stopped = watch(lease!.stop());
    await bench.clock.advance(1_000);
    expect(stopped.state).toBe('pending');
    answer();
    await bench.clock.advance(0);
    expect([stopped.state, lease!.lost, bench.clock.pending]).toEqual(['resolved', true, 0]);
  });
});
