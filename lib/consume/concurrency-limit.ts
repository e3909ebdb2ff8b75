import { Semaphore } from './semaphore.js';

/** Messages that wait behind another of their group, at most: as many as a receive brings. */
const WAITING_SLOTS = 10;

/**
 * Bounds the messages in hand. Each message whose handler runs takes one of `concurrency` slots. A FIFO queue has ten waiting slots
 * beside them, for messages that wait behind another message of their group. So a slow group takes one slot, however many of its
 * messages arrived, and the other slots stay free for other groups.
 *
 * SQS fills a receive from one group where it can. So a receive asks for no more messages than the limit could hold if all of them
 * belonged to one group: one in a slot, the others in waiting slots. Then no message is released for want of a slot, which would count
 * as a receive.
 */
export class ConcurrencyLimit {
  private readonly slots: Semaphore;
  /** Waiting slots taken by messages, and by receives that may bring as many. */
  private taken = 0;
  /** Messages that wait without a waiting slot: they keep the slot in which they arrived. */
  private overflow = 0;
  private wakeIdle: (() => void) | undefined;

  /** `ordered`: true if messages wait behind each other at all. */
  constructor(
    concurrency: number,
    private readonly ordered: boolean,
  ) {
    this.slots = new Semaphore(concurrency);
  }

  /** Free slots. */
  get available(): number {
    return this.slots.available;
  }

  /**
   * Waits for a slot and reserves for a receive of up to `most()` messages, which is asked again after the wait. Resolves with how many
   * messages the receive may ask for; 0 when the signal aborts first.
   */
  async reserve(most: () => number, signal: AbortSignal): Promise<number> {
    const slots = await this.slots.acquire(most(), signal);
    if (slots === 0) return 0;
    const count = Math.min(slots, most(), this.ordered ? 1 + WAITING_SLOTS - this.taken : Infinity);
    if (this.ordered) this.taken += count - 1;
    this.slots.release(slots - count);
    return count;
  }

  /** A receive for which `reserved` was reserved brought `count` messages: each takes a slot, and the rest is free again. */
  arrived(reserved: number, count: number): void {
    if (this.ordered) this.taken -= reserved - 1;
    this.slots.release(reserved - count);
  }

  /** A message in a slot must wait for another message of its group: it moves to a waiting slot, if one is free. */
  wait(): void {
    if (this.taken === WAITING_SLOTS) {
      this.overflow += 1;
    } else {
      this.taken += 1;
      this.slots.release(1);
    }
  }

  /** A waiting message has left, or has taken over the slot of the message before it. */
  releaseWaitingSlot(): void {
    if (this.overflow > 0) {
      this.overflow -= 1;
      this.releaseSlot();
    } else {
      this.taken -= 1;
      if (this.taken === 0) this.wakeIdle?.();
    }
  }

  /** A message in a slot has left. */
  releaseSlot(): void {
    this.slots.release(1);
  }

  /** Resolves when nothing is in hand, once nothing is received any more. */
  async whenIdle(): Promise<void> {
    await this.slots.whenIdle();
    if (this.taken > 0) await new Promise<void>((resolve) => (this.wakeIdle = resolve));
  }
}
