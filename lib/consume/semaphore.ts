/**
 * A counting semaphore. A poller acquires slots before it receives and releases at once those it did not use. The other slots are
 * released when their messages are settled. So back-pressure needs no signal from downstream, and a graceful stop means that all
 * slots are free.
 */
export class Semaphore {
  private free: number;
  private readonly takers: (() => void)[] = [];
  private readonly idleWaiters: (() => void)[] = [];

  constructor(readonly total: number) {
    this.free = total;
  }

  /** Free slots. */
  get available(): number {
    return this.free;
  }

  /** Waits for at least one free slot and takes up to `max`; 0 when the signal aborts first. First come, first served. */
  async acquire(max: number, signal: AbortSignal): Promise<number> {
    while (this.free <= 0 && !signal.aborted) await this.nextRelease(signal);
    const taken = signal.aborted ? 0 : Math.min(max, this.free);
    this.free -= taken;
    // Whoever is woken wakes the next one with what it leaves, which is all when it was aborted meanwhile.
    this.wakeNext();
    return taken;
  }

  /** Frees `count` slots. */
  release(count: number): void {
    if (count === 0) return;
    this.free += count;
    if (this.free > this.total) throw new Error(`${this.free} slots are free, ${this.total} exist`);
    this.wakeNext();
    if (this.free === this.total) for (const wake of this.idleWaiters.splice(0)) wake();
  }

  /** Resolves when every slot is free. */
  whenIdle(): Promise<void> {
    if (this.free === this.total) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private wakeNext(): void {
    if (this.free > 0) this.takers.shift()?.();
  }

  private nextRelease(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const at = this.takers.indexOf(wake);
        if (at >= 0) this.takers.splice(at, 1);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.takers.push(wake);
    });
  }
}
