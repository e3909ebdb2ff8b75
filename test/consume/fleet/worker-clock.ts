import type { Clock } from '#lib/queue/clock.js';

/**
 * The clock of a process that can be paused, as by SIGSTOP. Time goes on meanwhile, but no timer runs
 * until the process continues.
 */
export class WorkerClock implements Clock {
  private paused = false;
  private overdue: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  setTimer(callback: () => void, ms: number): () => void {
    let cancelled = false;
    const run = (): void => {
      if (cancelled) return;
      if (this.paused) this.overdue.push(run);
      else callback();
    };
    const cancel = this.clock.setTimer(run, ms);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  pause(): void {
    this.paused = true;
  }

  /** Runs what became due during the pause. */
  resume(): void {
    this.paused = false;
    for (const run of this.overdue.splice(0)) run();
  }
}
