import { describe, expect, it } from '@jest/globals';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import type { Delivery } from '../../lib/consume/delivery.js';
import { MessageSlots } from '../../lib/consume/message-slots.js';
import type { QueueFeatures } from '../../lib/queue/queue.js';
import type { ReceivedMessage } from '../../lib/queue/wire-message.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { received } from './harness.js';

const signal = new AbortController().signal;

/** Slots whose messages take so long to be received, handled and settled. */
class SlotsBench {
  readonly clock = new VirtualClock(0);
  readonly slots: MessageSlots;

  constructor(
    readonly concurrency = 10,
    features: Partial<QueueFeatures> = {},
  ) {
    const queue = createMemoryQueue({ clock: this.clock });
    Object.assign(queue, { features: { ...queue.features, ...features } });
    this.slots = new MessageSlots({ queue, clock: this.clock, concurrency });
  }

  /** Number of slots. */
  get total(): number {
    return this.slots.available + this.slots.held;
  }

  /** Handles rounds of messages, as many side by side as handlers may run. */
  async work(
    rounds: number,
    { receiveMs = 0, handleMs = 0, settleMs = 0, bytes = 100, isFull = true } = {},
  ): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const messages = Array.from({ length: 10 }, (_, at) => received(String(at), { body: 'x'.repeat(bytes) }));
      this.slots.received(messages, isFull, receiveMs);
      const deliveries = await this.begin(this.concurrency);
      await this.clock.advance(handleMs);
      for (const delivery of deliveries) this.slots.ended(delivery);
      await this.clock.advance(settleMs);
      for (const delivery of deliveries) this.slots.settled(delivery);
    }
  }

  async begin(count: number): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for (let i = 0; i < count; i += 1) {
      await this.slots.acquire(1, signal);
      this.slots.began();
      deliveries.push({ gone: true } as Delivery);
    }
    return deliveries;
  }
}

describe('MessageSlots', () => {
  it('are as many as handlers run at the same time until a message has been handled', async () => {
    const bench = new SlotsBench();
    bench.slots.received([received('a')], true, 300);
    await bench.begin(3);
    expect([bench.total, bench.slots.available]).toEqual([10, 7]);
  });

  it('grow with the rate of the handlers and the time of a receive and an acknowledgement', async () => {
    const bench = new SlotsBench();
    // 10 messages in 10 ms: 21 of them in 20 ms. As many more, and the slack of 20.
    await bench.work(20, { handleMs: 10, receiveMs: 12, settleMs: 8 });
    expect(bench.total).toBe(10 + 42 + 20);
  });

  it('are no more for slow handlers, however slow the queue is', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 1_000, receiveMs: 20, settleMs: 10 });
    expect(bench.total).toBe(10);
  });

  it('become fewer at once when handlers that were fast go on', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 1, receiveMs: 100 });
    expect(bench.total).toBeGreaterThan(1_000);
    await bench.begin(10);
    await bench.clock.advance(1_000);
    expect(bench.total).toBeLessThan(35);
    await bench.clock.advance(20_000);
    expect(bench.total).toBe(10);
  });

  it('hold what the handlers finish in a second at most, and count no outage as a slow answer', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 10, receiveMs: 60_000, settleMs: 60_000 });
    expect(bench.total).toBe(10 + 1_000);
    await bench.work(200, { handleMs: 50, receiveMs: 1, settleMs: 1 });
    expect(bench.total).toBeLessThan(25);
  });

  it('learn nothing of a receive that may have waited for messages', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 10, isFull: false });
    const before = bench.total;
    bench.slots.received([received('a')], true, 250);
    expect(bench.total).toBe(before);
    bench.slots.received([received('a')], true, 250);
    expect(bench.total).toBeGreaterThan(before);
  });

  it('are given to no receive while the messages of 64 receives wait for their settlement', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 1, receiveMs: 100, settleMs: 100 });
    const inHand = await bench.begin(640);
    for (const delivery of inHand) bench.slots.ended(delivery);
    expect([bench.slots.available > 100, bench.slots.grants(10)]).toEqual([true, 0]);
    const waiting = bench.slots.acquire(10, signal);
    bench.slots.settled(inHand[0]!);
    expect(await waiting).toBe(10);
  });

  it.each([[null], [{}], [{ body: {} }]])(
    'count a received %p of a carrier with a defect as nothing',
    async (message) => {
      const bench = new SlotsBench();
      for (let i = 0; i < 2; i += 1) bench.slots.received([message as unknown as ReceivedMessage], true, 10);
      await bench.work(2, { handleMs: 1 });
      expect(bench.total).toBeGreaterThan(10);
    },
  );

  it('hold fewer large bodies', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 1, receiveMs: 100, bytes: 1_048_576 });
    expect(bench.total).toBe(10 + 16);
  });

  it.each([{ ordered: true }, { leases: false }])('do not grow on a queue with %p', async (features) => {
    const bench = new SlotsBench(10, features);
    await bench.work(20, { handleMs: 10, receiveMs: 12, settleMs: 8 });
    expect([bench.total, bench.slots.lingerMs()]).toEqual([10, 0]);
    await bench.begin(9);
    expect(bench.slots.grants(10)).toBe(1);
  });

  it('forget the rate after ten seconds without work', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 10, receiveMs: 12 });
    await bench.clock.advance(10_001);
    const [delivery] = await bench.begin(1);
    expect(bench.total).toBe(10);
    bench.slots.ended(delivery!);
    expect(bench.total).toBeGreaterThan(10);
  });

  it('are given for a whole receive, unless handlers would have no work', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 10, receiveMs: 12, settleMs: 8 });
    const inHand = await bench.begin(63);
    expect([bench.slots.available, bench.slots.grants(10)]).toEqual([9, 0]);
    const waiting = bench.slots.acquire(10, signal);
    for (const delivery of inHand.slice(0, 40)) {
      bench.slots.ended(delivery);
      bench.slots.settled(delivery);
    }
    expect(await waiting).toBe(10);
    const short = new SlotsBench();
    await short.begin(7);
    expect(short.slots.grants(10)).toBe(3);
  });

  it('let acknowledgements wait for others only while all handlers are busy and fast', async () => {
    const bench = new SlotsBench();
    await bench.work(20, { handleMs: 10 });
    expect(bench.slots.lingerMs()).toBe(0);
    const inHand = await bench.begin(10);
    expect(bench.slots.lingerMs()).toBe(10);
    await bench.clock.advance(2_000);
    expect(bench.slots.lingerMs()).toBe(0);
    for (const delivery of inHand) bench.slots.ended(delivery);
    expect(bench.slots.lingerMs()).toBe(0);
  });

  it('count a message once whose handling ends twice', async () => {
    const bench = new SlotsBench();
    const [delivery] = await bench.begin(1);
    bench.slots.ended(delivery!);
    bench.slots.ended(delivery!);
    bench.slots.settled(delivery!);
    expect([bench.slots.held, bench.slots.grants(10)]).toEqual([0, 10]);
  });

  it('grant at least one slot to a woken caller, although the slots become fewer with each look at the clock', async () => {
    let now = 0;
    const clock = { now: () => (now += 1), setTimer: () => () => undefined };
    const queue = createMemoryQueue({ clock });
    const slots = new MessageSlots({ queue, clock, concurrency: 10 });
    for (let i = 0; i < 2; i += 1) slots.received([received('a')], true, 300);
    const inHand: Delivery[] = [];
    for (let round = 0; round < 2_000; round += 1) {
      const acquired = slots.acquire(10, signal);
      for (const delivery of inHand.splice(0)) {
        slots.ended(delivery);
        slots.settled(delivery);
      }
      const granted = await acquired;
      expect(granted).toBeGreaterThan(0);
      for (let count = 0; count < granted; count += 1) {
        slots.began();
        inHand.push({ gone: true } as Delivery);
      }
    }
  });
});
