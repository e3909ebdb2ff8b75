import { describe, expect, it } from '@jest/globals';
import { LeaseLostError, type Lease } from '../../lib/consume/delivery.js';
import { VisibilityExtender } from '../../lib/consume/visibility-extender.js';
import type { TransportEvent } from '../../lib/diagnostics/transport-event.js';
import { sleep } from '../../lib/queue/clock.js';
import type { EntryResult } from '../../lib/queue/queue.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import type { Fault, QueueCall } from '../../lib/carriers/memory/fault-script.js';
import { watch } from '../queue/harness.js';
import { failure } from './harness.js';

const HOUR = 3_600_000;

/** Messages held by a keeper, with the hides that the queue sees. */
class KeeperBench {
  readonly clock = new VirtualClock(0);
  readonly queue = createMemoryQueue({ clock: this.clock });
  readonly events: TransportEvent[] = [];
  readonly hides: { readonly at: number; readonly entries: number }[] = [];
  readonly extender: VisibilityExtender;
  script: (call: QueueCall) => Fault = () => undefined;

  constructor(
    private readonly visibilityTimeoutSeconds = 30,
    random: () => number = () => 0.5,
  ) {
    const { queue, clock } = this;
    const report = (event: TransportEvent): void => void this.events.push(event);
    this.extender = new VisibilityExtender({ queue, clock, report, visibilityTimeoutSeconds, random });
    queue.fail('extend', (call) => {
      this.hides.push({ at: clock.now(), entries: call.entries });
      return this.script(call);
    });
  }

  async track(count = 1): Promise<Lease[]> {
    const { visibilityTimeoutSeconds } = this;
    const leases: Lease[] = [];
    while (leases.length < count) {
      const max = Math.min(10, count - leases.length);
      await this.queue.send(Array.from({ length: max }, () => ({ body: 'x' })));
      const messages = await this.queue.receive({ max, waitSeconds: 0, visibilityTimeoutSeconds });
      leases.push(...messages.map((message) => this.extender.track(message, message.receivedAt)));
    }
    return leases;
  }

  get times(): number[] {
    return this.hides.map(({ at }) => at);
  }
}

describe('the visibility extender', () => {
  it('renews a lease at every half of the visibility timeout, counted from the receive', async () => {
    const bench = new KeeperBench();
    await bench.track();
    await bench.clock.advance(60_000);
    expect(bench.times).toEqual([15_000, 30_000, 45_000, 60_000]);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', visibleAt: 90_000, receiveCount: 1 }]);
  });

  it.each([
    [0, 12_000],
    [1, 18_000],
  ])('spreads renewals by a tenth of the lease: random %d renews at %d ms', async (random, at) => {
    const bench = new KeeperBench(30, () => random);
    await bench.track();
    await bench.clock.advance(18_000);
    expect(bench.times[0]).toBe(at);
  });

  it('renews 25 leases in requests of ten with one timer', async () => {
    const bench = new KeeperBench();
    await bench.track(25);
    expect([bench.extender.size, bench.clock.pending]).toEqual([25, 1]);
    await bench.clock.advance(15_000);
    expect(bench.hides.map(({ entries }) => entries)).toEqual([10, 10, 5]);
    expect(bench.clock.pending).toBe(1);
  });

  it('adds leases that are due soon to a renewal request and leaves out leases that are due later', async () => {
    const bench = new KeeperBench();
    await bench.track();
    await bench.clock.advance(2_900);
    await bench.track();
    await bench.clock.advance(1_000);
    await bench.track();
    await bench.clock.advance(11_100);
    expect(bench.hides).toEqual([{ at: 15_000, entries: 2 }]);
    await bench.clock.advance(3_900);
    expect(bench.hides.at(-1)).toEqual({ at: 18_900, entries: 1 });
  });

  it('keeps the shortest lease from ending with the latest renewal time', async () => {
    const bench = new KeeperBench(2, () => 1);
    await bench.track(3);
    await bench.clock.advance(600_000);
    expect(bench.queue.messages().every(({ state, receiveCount }) => state === 'inFlight' && receiveCount === 1)).toBe(
      true,
    );
  });

  it('stops its timer when the last lease stops', async () => {
    const bench = new KeeperBench();
    const [a, b] = await bench.track(2);
    await a!.stop();
    expect(bench.clock.pending).toBe(1);
    await b!.stop();
    await b!.stop();
    expect([bench.clock.pending, bench.extender.size]).toEqual([0, 0]);
    await bench.clock.advance(60_000);
    expect(bench.hides).toEqual([]);
  });

  it('never extends a lease beyond 12 hours after the receive', async () => {
    const bench = new KeeperBench(7200);
    const [lease] = await bench.track();
    await bench.clock.advance(12 * HOUR - 1);
    expect(bench.queue.messages()[0]!.visibleAt).toBeLessThanOrEqual(12 * HOUR);
    expect(bench.queue.messages()[0]!.visibleAt).toBeGreaterThan(12 * HOUR - 10_000);
    const { length } = bench.hides;
    await bench.clock.advance(HOUR);
    expect([bench.hides.length, bench.clock.pending, lease!.lost]).toEqual([length, 0, true]);
    expect(bench.events.map(({ type }) => type)).toEqual(['lease-lost']);
  });

  it('retries a failed renewal before the lease ends', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number <= 4 ? failure('network') : undefined);
    const [lease] = await bench.track();
    await bench.clock.advance(29_999);
    expect(bench.times).toEqual([15_000, 18_000, 21_000, 24_000, 27_000]);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', visibleAt: 57_000 }]);
    expect([lease!.lost, lease!.signal.aborted]).toEqual([false, false]);
  });

  it('retries only the failed entries of a renewal', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number === 1 ? [undefined, failure('service')] : undefined);
    await bench.track(3);
    await bench.clock.advance(18_000);
    expect(bench.hides).toEqual([
      { at: 15_000, entries: 3 },
      { at: 18_000, entries: 1 },
    ]);
  });

  it('reports and aborts a lost lease once and keeps renewing the other leases', async () => {
    const bench = new KeeperBench();
    bench.script = ({ number }) => (number === 1 ? [failure('lease-lost')] : undefined);
    const [a, b] = await bench.track(2);
    await bench.clock.advance(45_000);
    expect([a!.lost, a!.signal.aborted, b!.lost, b!.signal.aborted]).toEqual([true, true, false, false]);
    expect(a!.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(bench.events).toEqual([{ type: 'lease-lost', queue: 'memory', messageId: a!.message.id }]);
    expect(bench.hides.map(({ entries }) => entries)).toEqual([2, 1, 1]);
  });

  it('counts a renewed lease from its request however late the response arrives', async () => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      const outcomes = await extend(entries);
      await new Promise<void>((resolve) => bench.clock.setTimer(resolve, 14_000));
      return outcomes;
    };
    await bench.track();
    await bench.clock.advance(300_000);
    expect(bench.queue.messages()).toMatchObject([{ state: 'inFlight', receiveCount: 1 }]);
    expect(bench.times.slice(0, 3)).toEqual([15_000, 30_000, 45_000]);
  });

  it('keeps a lease whose renewal response lacks the entry', async () => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => (await extend(entries)).slice(1);
    const [lease] = await bench.track();
    await bench.clock.advance(15_000);
    await lease!.stop();
    expect(lease!.lost).toBe(false);
  });

  it.each<[string, unknown]>([
    ['no list', undefined],
    ['a malformed entry', [null]],
    ['a failure without an error', [{ ok: false }]],
  ])('reports a renewal that is answered with %s, and renews again', async (_, answer) => {
    const bench = new KeeperBench();
    const extend = bench.queue.extend.bind(bench.queue);
    let malformed = 1;
    bench.queue.extend = (entries) => (malformed-- > 0 ? Promise.resolve(answer as never) : extend(entries));
    const [lease] = await bench.track();
    await bench.clock.advance(29_000);
    expect(bench.events).toMatchObject([{ type: 'renew-failed', messageId: lease!.message.id }]);
    expect([bench.times, lease!.lost]).toEqual([[18_000], false]);
    await lease!.stop();
    expect([bench.extender.size, bench.clock.pending]).toEqual([0, 0]);
  });
});

describe('stopping a lease', () => {
  /** Answers the renewal at 15 s two seconds after the end of the lease. */
  async function slowRenewal(answer: (result: readonly EntryResult[]) => readonly EntryResult[]) {
    const bench = new KeeperBench();
    const [lease] = await bench.track();
    const extend = bench.queue.extend.bind(bench.queue);
    bench.queue.extend = async (entries) => {
      const results = await extend(entries);
      await sleep(bench.clock, 17_000);
      return answer(results);
    };
    await bench.clock.advance(31_000);
    const stopped = watch(lease!.stop());
    await bench.clock.advance(500);
    expect(stopped.state).toBe('pending');
    await bench.clock.advance(500);
    expect([stopped.state, bench.clock.pending, bench.extender.size]).toEqual(['resolved', 0, 0]);
    return { lease: lease!, events: bench.events };
  }

  it('keeps a lease whose renewal is answered with success after the end of the lease', async () => {
    const { lease, events } = await slowRenewal((results) => results);
    expect([lease.lost, lease.signal.aborted, events]).toEqual([false, false, []]);
  });

  it('loses a lease whose renewal fails after the end of the lease', async () => {
    const { lease, events } = await slowRenewal(() => [{ ok: false, error: failure('network') }]);
    expect([lease.lost, lease.signal.aborted]).toEqual([true, true]);
    expect(events.map(({ type }) => type)).toEqual(['renew-failed', 'lease-lost']);
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
