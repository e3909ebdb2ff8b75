import type { Clock } from '#lib/queue/clock.js';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Largest number of entries at one moment. More of them go round in a circle. */
const MAX_AT_ONCE = 50_000;

/** Thrown if entries at one moment never end. */
export class NoProgressError extends Error {}

/**
 * Runs everything that happens in a simulation, in the order of its time. Between two entries all
 * promise chains run to their end, so nothing depends on the speed of the machine.
 */
export class Scheduler implements Clock {
  private time = 0;
  private order = 0;
  private readonly heap: Entry[] = [];
  private immediates: (() => void)[] = [];
  /** Counts the entries that have run at this moment. */
  private atOnce = 0;

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void, ms: number): () => void {
    const entry = { at: this.time + Math.max(0, ms), order: this.order++, callback, cancelled: false };
    this.push(entry);
    return () => void (entry.cancelled = true);
  }

  /** Takes a callback of `setImmediate`. */
  immediate(callback: () => void): void {
    this.immediates.push(callback);
  }

  /**
   * Runs entries until the time `end`, or until `done` is true after an entry.
   *
   * @throws NoProgressError entries at one moment never end
   */
  async runUntil(end: number, done: () => boolean = () => false): Promise<void> {
    await this.settle();
    while (!done()) {
      const next = this.heap[0];
      if (next === undefined || next.at > end) {
        this.time = Math.max(this.time, end);
        return;
      }
      this.pop();
      if (next.cancelled) continue;
      this.atOnce = next.at > this.time ? 0 : this.atOnce + 1;
      if (this.atOnce > MAX_AT_ONCE) throw new NoProgressError('timers follow each other without end');
      this.time = next.at;
      next.callback();
      await this.settle();
    }
  }

  /** Lets promises and immediates run to their end. */
  private async settle(): Promise<void> {
    await drained();
    while (this.immediates.length > 0) {
      const callbacks = this.immediates;
      this.immediates = [];
      for (const callback of callbacks) {
        callback();
        await drained();
      }
    }
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Resolves when no promise chain has a step left: Node runs ticks after all of them. */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
