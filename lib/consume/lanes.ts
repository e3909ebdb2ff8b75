/** What a lane carries and how it runs. */
export interface LaneWork<T> {
  /** The ordering key; work without one runs at once. */
  readonly keyOf: (item: T) => string | undefined;
  /** Runs an item; false when it will come again, so that its successors must not run before it. Never rejects. */
  readonly run: (item: T) => Promise<boolean>;
  /** Told of each item that must wait for one before it. */
  readonly waits: (item: T) => void;
  /** Told when an item has run; `followed` when the next one of its key starts in its stead. */
  readonly ended: (followed: boolean) => void;
  /** Takes what will not run; `waited` says whether it had to wait before. */
  readonly giveBack: (items: readonly T[], waited: boolean) => void;
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
    if (this.closed) return this.work.giveBack([item], false);
    const key = this.work.keyOf(item);
    if (key === undefined) return void this.work.run(item).then(() => this.work.ended(false));
    const lane = this.waiting.get(key);
    if (!lane) return void this.follow(key, item);
    lane.push(item);
    this.work.waits(item);
  }

  /** Gives back everything that has not started, and whatever comes later. What runs goes on. */
  close(): void {
    this.closed = true;
    for (const lane of this.waiting.values()) this.giveBack(lane);
  }

  private async follow(key: string, first: T): Promise<void> {
    const lane: T[] = [];
    this.waiting.set(key, lane);
    for (let item: T | undefined = first; item !== undefined; item = lane.shift()) {
      if (!(await this.work.run(item))) this.giveBack(lane);
      this.work.ended(lane.length > 0);
    }
    this.waiting.delete(key);
  }

  private giveBack(lane: T[]): void {
    if (lane.length > 0) this.work.giveBack(lane.splice(0), true);
  }
}
