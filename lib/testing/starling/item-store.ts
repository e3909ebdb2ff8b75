/** An item of an embedded server. */
export interface StoredItem {
  readonly body: Buffer;
  /** Time of day in ms from which the item is gone. */
  readonly expiresAt: number;
  /** Position in the order of arrival, for cursors. */
  readonly at: number;
}

/** Holds the queues of an embedded server in memory. A queue begins with its first use. */
export class ItemStore {
  private readonly queues = new Map<string, StoredItem[]>();
  private readonly open = new Map<string, number>();
  private readonly cursors = new Map<string, number>();
  private count = 0;

  put(queue: string, body: Buffer, expiresAt = Infinity): void {
    this.of(queue).push({ body, expiresAt, at: (this.count += 1) });
  }

  /** Takes the first item that has not expired. */
  take(queue: string): StoredItem | undefined {
    const items = this.of(queue);
    while (items.length > 0 && items[0]!.expiresAt <= Date.now()) items.shift();
    return items.shift();
  }

  /** Puts an item back at the head. */
  putBack(queue: string, item: StoredItem): void {
    this.of(queue).unshift(item);
  }

  /** Returns the next item of a cursor, which takes nothing out of its queue. */
  follow(queue: string, cursor: string): StoredItem | undefined {
    const item = this.of(queue).find(({ at }) => at > (this.cursors.get(cursor) ?? 0));
    if (item !== undefined) this.cursors.set(cursor, item.at);
    return item;
  }

  items(queue: string): readonly StoredItem[] {
    return this.queues.get(queue) ?? [];
  }

  /** True if the queue was there. */
  delete(queue: string): boolean {
    return this.queues.delete(queue);
  }

  clear(): void {
    for (const items of this.queues.values()) items.length = 0;
  }

  get names(): readonly string[] {
    return [...this.queues.keys()];
  }

  /** Counts the open items of a queue up or down. */
  noteOpen(queue: string, by: 1 | -1): void {
    this.open.set(queue, this.openItems(queue) + by);
  }

  openItems(queue: string): number {
    return this.open.get(queue) ?? 0;
  }

  private of(queue: string): StoredItem[] {
    const items = this.queues.get(queue) ?? [];
    this.queues.set(queue, items);
    return items;
  }
}
