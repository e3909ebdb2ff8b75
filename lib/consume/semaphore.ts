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

  /** Number of slots that a caller who wants up to `max` gets at once; 0 if the caller must wait. */
  grants(max: number): number {
    return Math.min(max, this.available);
  }

  /**
   * Waits until slots are granted and takes them. Returns 0 only if the signal aborts first. Callers
   * are served in the order of their calls.
   */
  async acquire(max: number, signal?: Aborts): Promise<number> {
    let granted = 0;
    // Asked once a turn: time alone may change the answer.
    while (!signal?.aborted && (granted = this.grants(max)) === 0) await this.nextRelease(max, signal);
    if (signal?.aborted) granted = 0;
    this.taken += granted;
    // A woken caller wakes the next caller if slots remain.
    this.wakeNext();
    return granted;
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
    if (first === undefined || this.grants(first.max) === 0) return;
    this.takers.shift();
    first.wake();
  }

  private nextRelease(max: number, signal: Aborts | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const taker = { max, wake };
      const leave = (): void => {
        const at = this.takers.indexOf(taker);
        if (at >= 0) this.takers.splice(at, 1);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.takers.push(taker);
    });
  }
}
