/** What a lane carries and how it runs. */
export interface LaneWork<T> {
  /** The ordering key; work without one runs at once. */
  readonly keyOf: (item: T) => string | undefined;
  /** Runs an item; false when it will come again, so that its successors must not run before it. Never rejects. */
  readonly run: (item: T) => Promise<boolean>;
  /** Takes what will not run. */
  readonly giveBack: (items: readonly T[]) => void;
}

/**
 * Keeps the order inside a key and nothing else: one item of a key at a time, different keys side by side. When an item fails,
 * what waits behind it is given back at once; the queue holds the key until the failed one is visible again.
 */
export class Lanes<T> {
  private readonly waiting = new Map<string, T[]>();
  private closed = false;

  constructor(private readonly work: LaneWork<T>) {}

  push(item: T): void {
    if (this.closed) return this.work.giveBack([item]);
    const key = this.work.keyOf(item);
    if (key === undefined) return void this.work.run(item);
    const lane = this.waiting.get(key);
    if (lane) return void lane.push(item);
    this.waiting.set(key, [item]);
    void this.follow(key);
  }

  /** Gives back everything that has not started, and whatever comes later. What runs goes on. */
  close(): void {
    this.closed = true;
    for (const lane of this.waiting.values()) this.giveBack(lane);
  }

  private async follow(key: string): Promise<void> {
    const lane = this.waiting.get(key)!;
    for (let item = lane.shift(); item !== undefined; item = lane.shift()) {
      if (!(await this.work.run(item))) this.giveBack(lane);
    }
    this.waiting.delete(key);
  }

  private giveBack(lane: T[]): void {
    if (lane.length > 0) this.work.giveBack(lane.splice(0));
  }
}
