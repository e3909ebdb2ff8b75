/**
 * The right to hold messages. A poller acquires before it receives and what it did not use goes back at once; the rest returns
 * when a message is settled. So nothing downstream ever has to say "stop", and an orderly end is: all permits are home.
 */
export class Permits {
  private free: number;
  private readonly takers: (() => void)[] = [];
  private readonly homeWaiters: (() => void)[] = [];

  constructor(readonly total: number) {
    this.free = total;
  }

  /** Permits that nobody holds. */
  get available(): number {
    return this.free;
  }

  /** Waits for at least one permit and takes up to `max`; 0 when the signal aborts first. First come, first served. */
  async acquire(max: number, signal: AbortSignal): Promise<number> {
    while (this.free <= 0 && !signal.aborted) await this.nextRelease(signal);
    const taken = signal.aborted ? 0 : Math.min(max, this.free);
    this.free -= taken;
    // Whoever is woken wakes the next one with what it leaves, which is all when it was aborted meanwhile.
    this.wakeNext();
    return taken;
  }

  /** Gives `count` permits back. */
  release(count: number): void {
    if (count === 0) return;
    this.free += count;
    if (this.free > this.total) throw new Error(`${this.free} permits are home, ${this.total} exist`);
    this.wakeNext();
    if (this.free === this.total) for (const wake of this.homeWaiters.splice(0)) wake();
  }

  /** Resolves when every permit is home. */
  allHome(): Promise<void> {
    if (this.free === this.total) return Promise.resolve();
    return new Promise((resolve) => this.homeWaiters.push(resolve));
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
