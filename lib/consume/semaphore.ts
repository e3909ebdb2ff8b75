import type { Aborts } from '../queue/abort-source.js';

/**
 * A counting semaphore. A poller acquires slots before it receives, and each message keeps its slot
 * until it is settled. So back-pressure needs no other signal, and a stopping worker has drained
 * when all slots are free.
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

  /**
   * Waits for at least one free slot and takes up to `max`. Returns 0 if the signal aborts first.
   * Callers are served in the order of their calls.
   */
  async acquire(max: number, signal: Aborts): Promise<number> {
    while (this.free <= 0 && !signal.aborted) await this.nextRelease(signal);
    const taken = signal.aborted ? 0 : Math.min(max, this.free);
    this.free -= taken;
    // A woken caller wakes the next caller if slots remain.
    this.wakeNext();
    return taken;
  }

  /** Takes a slot if one is free and nobody waits. */
  tryAcquire(): boolean {
    if (this.free <= 0 || this.takers.length > 0) return false;
    this.free -= 1;
    return true;
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

  private nextRelease(signal: Aborts): Promise<void> {
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
