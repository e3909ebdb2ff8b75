import type { Clock } from '#lib/queue/clock.js';
import type { Journal } from './journal.js';
import type { ProcessRecord } from './records.js';
import type { Scheduler } from './scheduler.js';

/**
 * Stands for a process of the operating system. While it is paused its timers wait, and after a
 * crash they never fire.
 */
export class SimProcess {
  readonly record: ProcessRecord;
  /** Clock of the engine. Its open timers are counted. */
  readonly clock: Clock;
  /** Clock of everything else in the process: the carrier, the handlers, the application. */
  readonly otherClock: Clock;
  private readonly engineTimers = new Set<() => void>();
  private readonly backlog: (() => void)[] = [];
  private readonly crashListeners: (() => void)[] = [];
  private paused = false;
  private crashed = false;

  constructor(
    kind: ProcessRecord['kind'],
    readonly name: string,
    readonly scheduler: Scheduler,
    readonly journal: Journal,
  ) {
    const startedAt = scheduler.now();
    this.record = {
      name,
      kind,
      startedAt,
      pauses: [],
      requests: [],
      statuses: [],
      logs: [],
      storeFaults: 0,
    };
    journal.processes.push(this.record);
    const now = (): number => scheduler.now();
    this.otherClock = { now, setTimer: (callback, ms) => this.timer(callback, ms) };
    this.clock = { now, setTimer: (callback, ms) => this.engineTimer(callback, ms) };
    journal.note(name, 'starts');
  }

  /** Stops the program by its `close`, and counts its open timers 10 s later. */
  stop(close: () => Promise<void>): void {
    this.otherClock.setTimer(() => {
      if (this.record.stopAt !== undefined) return;
      this.record.stopAt = this.scheduler.now();
      this.note('stops');
      void close().then(() => {
        this.record.stoppedAt = this.scheduler.now();
        this.note('has stopped');
        this.otherClock.setTimer(() => (this.record.timersLeft = this.timersLeft), 10_000);
      });
    }, 0);
  }

  get alive(): boolean {
    return !this.crashed;
  }

  get timersLeft(): number {
    return this.engineTimers.size;
  }

  note(text: string): void {
    this.journal.note(this.name, text);
  }

  /** Stops the process for `ms`, as SIGSTOP or a blocked event loop does. */
  pause(ms: number): void {
    if (this.paused || this.crashed) return;
    this.paused = true;
    const now = this.scheduler.now();
    this.record.pauses.push({ from: now, to: now + ms });
    this.journal.fault('pause');
    this.note(`is paused for ${ms} ms`);
    this.scheduler.setTimer(() => this.resume(), ms);
  }

  /** Ends the process at once, as SIGKILL does. */
  crash(): void {
    if (this.crashed) return;
    this.crashed = true;
    this.record.crashedAt = this.scheduler.now();
    this.journal.fault(`crash of a ${this.record.kind}`);
    this.note('crashes');
    for (const listener of this.crashListeners) listener();
  }

  onCrash(listener: () => void): void {
    this.crashListeners.push(listener);
  }

  private resume(): void {
    this.paused = false;
    if (this.crashed) return;
    this.note('runs again');
    for (const callback of this.backlog.splice(0)) this.timer(callback, 0);
  }

  private timer(callback: () => void, ms: number): () => void {
    let cancelled = false;
    const fire = (): void => {
      if (cancelled || this.crashed) return;
      if (this.paused) this.backlog.push(fire);
      else callback();
    };
    const cancel = this.scheduler.setTimer(fire, ms);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  private engineTimer(callback: () => void, ms: number): () => void {
    const cancel = this.timer(() => {
      this.engineTimers.delete(cancel);
      callback();
    }, ms);
    this.engineTimers.add(cancel);
    return () => {
      this.engineTimers.delete(cancel);
      cancel();
    };
  }
}
