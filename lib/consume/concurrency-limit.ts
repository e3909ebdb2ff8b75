import { Permits } from './semaphore.js';

/** Messages that wait behind another of their group, at most: as many as a receive brings. */
const SEATS = 10;

/**
 * Room for messages in hand: a place for each whose handler runs, `concurrency` of them, and where the queue keeps an order ten seats
 * beside them, for those that wait behind another of their group. A group that is slow so takes one place, however many of its messages
 * came with it, and the other places are there for the other groups.
 *
 * A receive fills from one group where it can, so each is asked for no more than could be held if all of it came from a group: one in a
 * place, the others in seats. So nothing need be handed back for want of room, which would count as a receive.
 */
export class Room {
  private readonly places: Permits;
  /** Seats taken by messages, and by receives that may bring as many. */
  private taken = 0;
  /** Messages that wait and found no seat: they stay in the places in which they came. */
  private standing = 0;
  private wakeEmpty: (() => void) | undefined;

  /** `ordered`: whether messages wait behind each other at all. */
  constructor(
    concurrency: number,
    private readonly ordered: boolean,
  ) {
    this.places = new Permits(concurrency);
  }

  /** Places that nobody has. */
  get available(): number {
    return this.places.available;
  }

  /**
   * Waits for a place and reserves room for a receive of up to `most()` messages, which is asked again after the wait. Tells for how many; 0
   * when the signal aborts first.
   */
  async reserve(most: () => number, signal: AbortSignal): Promise<number> {
    const places = await this.places.acquire(most(), signal);
    if (places === 0) return 0;
    const count = Math.min(places, most(), this.ordered ? 1 + SEATS - this.taken : Infinity);
    if (this.ordered) this.taken += count - 1;
    this.places.release(places - count);
    return count;
  }

  /** A receive for which `reserved` was reserved brought `count` messages: each has a place now, and the rest of the room is free. */
  arrived(reserved: number, count: number): void {
    if (this.ordered) this.taken -= reserved - 1;
    this.places.release(reserved - count);
  }

  /** A message that has a place must wait for another one of its group: it takes a seat, if there is one. */
  wait(): void {
    if (this.taken === SEATS) {
      this.standing += 1;
    } else {
      this.taken += 1;
      this.places.release(1);
    }
  }

  /** A message that waited has left, or has got the place of the one that it waited for. */
  leaveSeat(): void {
    if (this.standing > 0) {
      this.standing -= 1;
      this.leavePlace();
    } else {
      this.taken -= 1;
      if (this.taken === 0) this.wakeEmpty?.();
    }
  }

  /** A message that had a place has left. */
  leavePlace(): void {
    this.places.release(1);
  }

  /** Resolves when nothing is in hand, once nothing is received any more. */
  async empty(): Promise<void> {
    await this.places.allHome();
    if (this.taken > 0) await new Promise<void>((resolve) => (this.wakeEmpty = resolve));
  }
}
