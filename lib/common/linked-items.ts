/** An item that can be in one list of {@link LinkedItems}. Only the list sets its neighbours. */
export interface LinkedItem<Item> {
  /** Neighbours in the list. */
  before: Item | undefined;
  after: Item | undefined;
}

/**
 * A set whose items come and go all the time, in the order in which they came. A `Set` replaces its
 * table again and again, and V8 links each table to the next. Once one of these tables is old, all
 * later ones stay alive with their items until the next full garbage collection. This list leaves no
 * link behind.
 */
export class LinkedItems<Item extends LinkedItem<Item>> implements Iterable<Item> {
  private head: Item | undefined;
  private last: Item | undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Returns the item that came first. */
  get first(): Item | undefined {
    return this.head;
  }

  has(item: Item): boolean {
    return item.before !== undefined || this.head === item;
  }

  /** Adds an item at the end. Does nothing if it is in the list. */
  add(item: Item): void {
    if (this.has(item)) return;
    item.before = this.last;
    if (this.last === undefined) this.head = item;
    else this.last.after = item;
    this.last = item;
    this.count += 1;
  }

  /** Removes an item. False if it was not in the list. */
  delete(item: Item): boolean {
    if (!this.has(item)) return false;
    const { before, after } = item;
    if (before === undefined) this.head = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    item.before = undefined;
    item.after = undefined;
    this.count -= 1;
    return true;
  }

  clear(): void {
    for (const item of this) this.delete(item);
  }

  /** Returns the items of this moment, but for those that are removed before their turn. */
  *[Symbol.iterator](): Generator<Item, void> {
    const items: Item[] = [];
    for (let item = this.head; item !== undefined; item = item.after) items.push(item);
    for (const item of items) if (this.has(item)) yield item;
  }
}
