import { describe, expect, it } from '@jest/globals';
import type { DeliveryInHand } from '../../lib/consume/delivery.js';
import type { RedrivePolicy } from '../../lib/queue/queue.js';
import { type DeliveryWorker, MessageGroups } from '../../lib/consume/message-groups.js';
import { MessageSlots } from '../../lib/consume/message-slots.js';
import { createMemoryQueue } from '../../lib/carriers/memory/memory-queue.js';
import { VirtualClock } from '../../lib/testing/virtual-clock.js';
import { watch } from '../queue/harness.js';
import { received, turns } from './harness.js';

const SLOTS = 20;

/** Deliveries with names such as `a1`, where the first character is the group; `-1` has no group. */
class GroupBench implements DeliveryWorker {
  readonly started: string[] = [];
  readonly returned: string[] = [];
  readonly slots: MessageSlots;
  readonly groups: MessageGroups;
  private readonly ends = new Map<string, () => void>();

  constructor({ fifo = true, redrive }: { fifo?: boolean; redrive?: RedrivePolicy } = {}) {
    const clock = new VirtualClock(0);
    const queue = { ...createMemoryQueue({ clock, fifo }), redrive };
    this.slots = new MessageSlots({ queue, clock, concurrency: SLOTS });
    this.groups = new MessageGroups({
      queue,
      clock,
      slots: this.slots,
      worker: this,
      maxReceives: Infinity,
      waitTimeSeconds: 20,
      visibilityTimeoutSeconds: 30,
    });
  }

  handle({ message }: DeliveryInHand): Promise<void> {
    this.started.push(message.id);
    return new Promise((resolve) => this.ends.set(message.id, resolve));
  }

  async release({ message }: DeliveryInHand): Promise<void> {
    this.returned.push(message.id);
  }

  private readonly deliveries = new Map<string, DeliveryInHand>();

  push(...names: string[]): Promise<this> {
    return this.receive(0, ...names);
  }

  /** Pushes the messages of a receive that began at `since`. */
  async receive(since: number, ...names: string[]): Promise<this> {
    for (const name of names) {
      // As a poller does: each message comes with a slot.
      await this.slots.acquire(1, new AbortController().signal);
      const group = name.startsWith('-') ? {} : { groupId: name[0]! };
      const lease = { since, lost: false };
      const delivery = { message: received(name, group), lease, gone: true } as unknown as DeliveryInHand;
      if (!this.deliveries.has(name)) this.deliveries.set(name, delivery);
      this.groups.push(delivery);
    }
    await turns(1);
    return this;
  }

  async end(name: string, gone = true): Promise<void> {
    this.deliveries.get(name)!.gone = gone;
    this.ends.get(name)!();
    await turns(1);
  }

  /** Ends a handler whose lease is lost. */
  loseLease(name: string): Promise<void> {
    Object.assign(this.deliveries.get(name)!.lease, { lost: true });
    return this.end(name, false);
  }

  /** Slots held by deliveries. */
  get held(): number {
    return SLOTS - this.slots.available;
  }
}

describe('message groups', () => {
  it('runs one message of a group at a time, in order, and different groups concurrently', async () => {
    const bench = await new GroupBench().push('a1', 'a2', 'b1', 'a3', 'b2');
    expect(bench.started).toEqual(['a1', 'b1']);
    await bench.end('a1');
    await bench.end('b1');
    await bench.end('a2');
    expect(bench.started).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('runs messages of a FIFO queue without a group one after the other, beside the groups', async () => {
    const bench = await new GroupBench().push('-1', '-2', 'a1', '-3', 'a2');
    expect(bench.started).toEqual(['-1', 'a1']);
    await bench.end('-1');
    await bench.end('-2');
    expect(bench.started).toEqual(['-1', 'a1', '-2', '-3']);
  });

  it('releases the messages without a group behind a failed message without a group', async () => {
    const bench = await new GroupBench().push('-1', '-2', '-3', 'a1');
    await bench.end('-1', false);
    expect([bench.returned, bench.started]).toEqual([
      ['-2', '-3'],
      ['-1', 'a1'],
    ]);
  });

  it('releases the messages behind a failed message in order and leaves other groups running', async () => {
    const bench = await new GroupBench().push('a1', 'a2', 'a3', 'b1', 'b2');
    await bench.end('a1', false);
    await bench.end('b1');
    expect([bench.returned, bench.started]).toEqual([
      ['a2', 'a3'],
      ['a1', 'b1', 'b2'],
    ]);
  });

  it('runs a failed message again that was handed out meanwhile, and releases only the messages before it', async () => {
    const bench = await new GroupBench().push('a1', 'a2', 'a1', 'a3');
    await bench.end('a1', false);
    expect([bench.started, bench.returned, bench.held]).toEqual([['a1', 'a1'], ['a2'], 1]);
    await bench.end('a1');
    expect(bench.started).toEqual(['a1', 'a1', 'a3']);
  });

  it.each<[next: string, later: string[], started: string[]]>([
    ['a later message of a later receive, since the queue held the lost one no more', ['a2', 'a3'], ['a1', 'a2']],
    ['the lost message of a later receive, and not those behind it', ['a1', 'a2'], ['a1', 'a1']],
  ])('runs next, at its last receive and behind a lost lease: %s', async (_next, later, started) => {
    const bench = await new GroupBench({ redrive: { maxReceiveCount: 1, target: 'dead' } }).receive(1, 'a1');
    await bench.receive(2, ...later);
    await bench.loseLease('a1');
    expect([bench.started, bench.returned]).toEqual([started, []]);
  });

  it('releases the messages of the same receive behind a lost lease, also at their last receive', async () => {
    const bench = await new GroupBench({ redrive: { maxReceiveCount: 1, target: 'dead' } }).receive(1, 'a1', 'a2');
    await bench.loseLease('a1');
    expect([bench.started, bench.returned]).toEqual([['a1'], ['a2']]);
  });

  it('releases a message of a later receive behind a lost lease if it comes back', async () => {
    const bench = await new GroupBench({ redrive: { maxReceiveCount: 2, target: 'dead' } }).receive(1, 'a1');
    await bench.receive(2, 'a2');
    await bench.loseLease('a1');
    expect([bench.started, bench.returned]).toEqual([['a1'], ['a2']]);
  });

  it('releases a message that was removed after the queue had handed it out again, and keeps the order behind it', async () => {
    const bench = await new GroupBench({ redrive: { maxReceiveCount: 1, target: 'dead' } }).push('a1', 'a2', 'a3');
    await bench.receive(10, 'a1');
    await bench.end('a1');
    expect([bench.returned, bench.started]).toEqual([['a1'], ['a1', 'a2']]);
    // The later delivery of `a1` is no sign that `a2` has left the queue.
    await bench.loseLease('a2');
    expect([bench.returned, bench.started]).toEqual([
      ['a1', 'a3'],
      ['a1', 'a2'],
    ]);
  });

  it('starts the next message of a group after the last item has failed or succeeded', async () => {
    const bench = await new GroupBench().push('a1');
    await bench.end('a1', false);
    await bench.push('a1again');
    expect(bench.started).toEqual(['a1', 'a1again']);
    await bench.end('a1again');
    await bench.push('a2');
    expect(bench.started).toEqual(['a1', 'a1again', 'a2']);
    expect(bench.returned).toEqual([]);
  });

  it('releases waiting and new messages after close and lets running messages end', async () => {
    const bench = await new GroupBench().push('a1', 'a2', 'b1');
    bench.groups.close();
    await bench.push('a3', 'c1', '-1');
    expect(bench.returned).toEqual(['a2', 'a3', 'c1', '-1']);
    await bench.end('a1');
    expect(bench.started).toEqual(['a1', 'b1']);
    expect(bench.returned).toHaveLength(4);
  });

  it('holds one slot per group and frees each slot once', async () => {
    const bench = await new GroupBench().push('a1', 'a2', 'a3', '-1', 'b1');
    expect(bench.held).toBe(3);
    await bench.end('a1');
    await bench.end('-1');
    expect(bench.held).toBe(2);
    await bench.end('a2', false);
    expect(bench.held).toBe(1);
    bench.groups.close();
    const idle = watch(bench.groups.whenIdle());
    await bench.push('c1');
    expect([bench.held, idle.state]).toEqual([1, 'pending']);
    await bench.end('b1');
    expect([bench.held, idle.state]).toEqual([0, 'resolved']);
  });

  it('is idle only when the last waiting message is released too', async () => {
    const bench = await new GroupBench().push('a1', 'a2');
    bench.release = () => new Promise<void>((resolve) => void (released = resolve));
    let released: () => void = () => undefined;
    const idle = watch(bench.groups.whenIdle());
    await bench.end('a1', false);
    expect(idle.state).toBe('pending');
    released();
    await turns(1);
    expect(idle.state).toBe('resolved');
  });

  it('ignores message groups on a standard queue', async () => {
    const bench = await new GroupBench({ fifo: false }).push('a1', 'a2', '-3');
    expect([bench.started, bench.held, bench.groups.receiveSize]).toEqual([['a1', 'a2', '-3'], 3, 10]);
    await bench.end('a1', false);
    expect([bench.returned, bench.held]).toEqual([[], 2]);
  });
});
