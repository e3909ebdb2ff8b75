import type { Semaphore } from './semaphore.js';

/** Number of waiting slots: as many messages as one receive returns. */
const WAITING_SLOTS = 10;

/**
 * Holds the messages of a FIFO queue that wait behind another message of their group. So a slow
 * group takes one slot, however many of its messages arrived, and the other slots stay free for
 * other groups.
 *
 * SQS fills a receive from one group where it can. So a receive requests no more messages than could
 * be held if all of them belonged to one group: one in a slot, the others in waiting slots. No
 * message is then released for lack of a slot, which would count as a receive.
 */
export class WaitingSlots {
  /** Waiting slots held by messages, or reserved for receives. */
  private taken = 0;
  /** Messages that wait without a waiting slot. They keep the slot in which they arrived. */
  private overflow = 0;
  private wakeEmpty: (() => void) | undefined;

  constructor(private readonly slots: Semaphore) {}

  /** Largest number of messages that a receive may request, at least 1. */
  get receiveSize(): number {
    return 1 + WAITING_SLOTS - this.taken;
  }

  /** Reserves waiting slots for a receive of `count` messages. */
  reserve(count: number): void {
    this.taken += count - 1;
  }

  /** Frees the waiting slots that a receive of `reserved` messages reserved. */
  arrived(reserved: number): void {
    this.taken -= reserved - 1;
  }

  /** Moves a message from its slot to a waiting slot, if one is free. */
  enter(): void {
    if (this.taken === WAITING_SLOTS) {
      this.overflow += 1;
    } else {
      this.taken += 1;
      this.slots.release(1);
    }
  }

  /** Frees a waiting slot: its message was released, or took over the slot of the message before it. */
  leave(): void {
    if (this.overflow > 0) {
      this.overflow -= 1;
      this.slots.release(1);
    } else {
      this.taken -= 1;
      if (this.taken === 0) this.wakeEmpty?.();
    }
  }

  /** Resolves when no message waits. */
  async whenEmpty(): Promise<void> {
    if (this.taken > 0) await new Promise<void>((resolve) => (this.wakeEmpty = resolve));
  }
}
