import type { Aborts } from '../queue/abort-source.js';

/** A caller that waits for up to `max` slots. */
interface Taker {
  readonly max: number;
  readonly wake: () => void;
}

/** A counting semaphore. */
export class Semaphore {
  private taken = 0;
  private readonly takers: Taker[] = [];
  private readonly idleWaiters: (() => void)[] = [];

  /** @param total number of slots */
  constructor(readonly total: number) {}

  /** Slots that are taken. */
  get held(): number {
    return this.taken;
  }

  /** Free slots. */
  get available(): number {
    return Math.max(0, this.capacity() - this.taken);
  }

  /** True if a caller that wants up to `max` slots gets some at once. */
  mayTake(_max: number): boolean {
    return this.available > 0;
  }

  /**
   * Waits until {@link mayTake} and takes up to `max` slots. Returns 0 if the signal aborts first.
   * Callers are served in the order of their calls.
   */
  async acquire(max: number, signal: Aborts): Promise<number> {
    while (!this.mayTake(max) && !signal.aborted) await this.nextRelease(max, signal);
    const taken = signal.aborted ? 0 : Math.min(max, this.available);
    this.taken += taken;
    // A woken caller wakes the next caller if slots remain.
    this.wakeNext();
    return taken;
  }

  /** Takes a slot if one is free and nobody waits. */
  tryAcquire(): boolean {
    if (this.taken >= this.total || this.takers.length > 0) return false;
    this.taken += 1;
    return true;
  }

  /** Frees `count` slots. */
  release(count: number): void {
    if (count === 0) return;
    this.taken -= count;
    if (this.taken < 0) throw new Error(`${this.total - this.taken} slots are free, ${this.total} exist`);
    this.wakeNext();
    if (this.taken === 0) for (const wake of this.idleWaiters.splice(0)) wake();
  }

  /** Resolves when every slot is free. */
  whenIdle(): Promise<void> {
    if (this.taken === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Number of slots now. */
  protected capacity(): number {
    return this.total;
  }

  /** Wakes the first caller that waits, if it may take slots now. */
  protected wakeNext(): void {
    const [first] = this.takers;
    if (first === undefined || !this.mayTake(first.max)) return;
    this.takers.shift();
    first.wake();
  }

  private nextRelease(max: number, signal: Aborts): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const taker = { max, wake };
      const leave = (): void => {
        const at = this.takers.indexOf(taker);
        if (at >= 0) this.takers.splice(at, 1);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.takers.push(taker);
    });
  }
}
