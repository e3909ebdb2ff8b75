import type { HeldItem } from './held-item.js';

/** Holds failed items until their next delivery. */
export class RetryingItems {
  private readonly items = new Map<HeldItem, number>();

  get size(): number {
    return this.items.size;
  }

  /** @param dueAt time of the next delivery, in ms of the clock */
  add(item: HeldItem, dueAt: number): void {
    this.items.set(item, dueAt);
  }

  /** Forgets an item that the server has put back. */
  forget(item: HeldItem): void {
    this.items.delete(item);
  }

  /** Takes up to `max` items that are due, the longest due first. */
  takeDue(max: number, now: number): HeldItem[] {
    const due = [...this.items].filter(([, dueAt]) => dueAt <= now);
    const taken = due.sort(([, a], [, b]) => a - b).slice(0, max);
    return taken.map(([item]) => {
      this.items.delete(item);
      return item;
    });
  }

  /** Time at which the next item is due, in ms of the clock. `Infinity` without items. */
  get nextDueAt(): number {
    return Math.min(Infinity, ...this.items.values());
  }

  takeAll(): HeldItem[] {
    const all = [...this.items.keys()];
    this.items.clear();
    return all;
  }
}
