import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Semaphore } from '../../lib/consume/semaphore.js';
import { WaitingSlots } from '../../lib/consume/waiting-slots.js';
import { watch } from '../queue/harness.js';
import { turns } from './harness.js';

const { signal } = new AbortController();

const STEPS = ['ask', 'answer', 'wait', 'next', 'end'] as const;
type Step = (typeof STEPS)[number];

/** The slots and the waiting slots of a FIFO queue, used as a poller and message groups do. */
class FifoSlots {
  private readonly slots: Semaphore;
  private readonly waitingSlots: WaitingSlots;

  constructor(concurrency: number) {
    this.slots = new Semaphore(concurrency);
    this.waitingSlots = new WaitingSlots(this.slots);
  }

  get available(): number {
    return this.slots.available;
  }

  async reserve(most: number): Promise<number> {
    const count = await this.slots.acquire(Math.min(most, this.waitingSlots.receiveSize), signal);
    this.waitingSlots.reserve(count);
    return count;
  }

  arrived(reserved: number, count: number): void {
    this.waitingSlots.arrived(reserved);
    this.slots.release(reserved - count);
  }

  wait(): void {
    this.waitingSlots.enter();
  }

  releaseWaitingSlot(): void {
    this.waitingSlots.leave();
  }

  releaseSlot(): void {
    this.slots.release(1);
  }

  async whenIdle(): Promise<void> {
    await this.slots.whenIdle();
    await this.waitingSlots.whenEmpty();
  }
}

/** Uses the slots of a FIFO queue step by step, as a consumer does, and counts what it holds. */
class LimitUser {
  readonly limit: FifoSlots;
  /** The slots of each receive that is under way. */
  readonly reserved: number[] = [];
  running = 0;
  waiting = 0;

  constructor(slots: number) {
    this.limit = new FifoSlots(slots);
  }

  /** Messages in hand, and those that may still come. */
  get held(): number {
    return this.running + this.waiting + this.reserved.reduce((sum, count) => sum + count, 0);
  }

  /** Takes a step, if it is possible now. */
  async take(what: Step, n: number): Promise<void> {
    const step = this.steps[what];
    if (step.possible()) await step.run(n);
  }

  endAll(): void {
    for (const reserved of this.reserved.splice(0)) this.limit.arrived(reserved, 0);
    while (this.waiting > 0) this.leaveWaitingSlot();
    while (this.running > 0) this.leaveSlot();
  }

  private readonly steps: Record<Step, { possible(): boolean; run(n: number): Promise<void> | void }> = {
    ask: {
      possible: () => this.limit.available > 0,
      run: async (n) => void this.reserved.push(await this.limit.reserve(1 + (n % 10))),
    },
    answer: {
      possible: () => this.reserved.length > 0,
      run: (n) => {
        const reserved = this.reserved.shift()!;
        const count = Math.min(n, reserved);
        this.limit.arrived(reserved, count);
        this.running += count;
      },
    },
    wait: {
      possible: () => this.running > 1,
      run: () => {
        this.limit.wait();
        this.running -= 1;
        this.waiting += 1;
      },
    },
    next: { possible: () => this.waiting > 0, run: () => this.leaveWaitingSlot() },
    end: { possible: () => this.running > 0, run: () => this.leaveSlot() },
  };

  private leaveWaitingSlot(): void {
    this.limit.releaseWaitingSlot();
    this.waiting -= 1;
  }

  private leaveSlot(): void {
    this.limit.releaseSlot();
    this.running -= 1;
  }
}

describe('waiting slots of a FIFO queue', () => {
  it('reserves only as many slots as messages of a single group could hold', async () => {
    const limit = new FifoSlots(100);
    expect(await limit.reserve(10)).toBe(10);
    // One waiting slot is left beside the nine that the first receive may need.
    expect(await limit.reserve(10)).toBe(2);
    expect(await limit.reserve(10)).toBe(1);
    limit.arrived(10, 0);
    expect(await limit.reserve(10)).toBe(10);
  });

  it('keeps a slot free for another group however many messages of one group wait', async () => {
    const limit = new FifoSlots(10);
    limit.arrived(await limit.reserve(10), 10);
    for (let i = 0; i < 9; i += 1) limit.wait();
    expect(limit.available).toBe(9);
    limit.arrived(await limit.reserve(10), 2);
    limit.wait();
    expect([limit.available, await limit.reserve(10)]).toEqual([8, 1]);
  });

  it('keeps a waiting message in its concurrency slot until a waiting slot is free', async () => {
    const limit = new FifoSlots(2);
    limit.arrived(await limit.reserve(1), 1);
    for (let i = 0; i < 10; i += 1) {
      limit.arrived(await limit.reserve(1), 1);
      limit.wait();
    }
    limit.arrived(await limit.reserve(1), 1);
    limit.wait();
    expect(limit.available).toBe(0);
    limit.releaseWaitingSlot();
    expect(limit.available).toBe(1);
  });

  it('resolves empty when the last message has left its running or waiting slot', async () => {
    const limit = new FifoSlots(2);
    limit.arrived(await limit.reserve(2), 2);
    limit.wait();
    const empty = watch(limit.whenIdle());
    limit.releaseSlot();
    await turns();
    expect(empty.state).toBe('pending');
    limit.releaseWaitingSlot();
    await turns();
    expect(empty.state).toBe('resolved');
    await new FifoSlots(1).whenIdle();
  });

  it('holds at most ten messages more than its slots and frees all slots under random steps', async () => {
    const step = fc.record({ what: fc.constantFrom(...STEPS), n: fc.nat(10) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 15 }), fc.array(step, { maxLength: 80 }), async (slots, steps) => {
        const user = new LimitUser(slots);
        for (const { what, n } of steps) {
          await user.take(what, n);
          expect(user.held).toBeLessThanOrEqual(slots + 10);
          expect(user.running).toBeLessThanOrEqual(slots);
          // A message that waits keeps no slot from others as long as no more than ten wait.
          if (user.reserved.length === 0 && user.waiting <= 10) {
            expect(user.limit.available).toBe(slots - user.running);
          }
        }
        user.endAll();
        await user.limit.whenIdle();
        expect(user.limit.available).toBe(slots);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
