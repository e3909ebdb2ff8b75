import type { Clock } from './clock.js';

/** Keeps groups of entries until the time of their next attempt. */
export class RetrySchedule<Entry> {
  /** Waiting groups, each with the function that cancels its timer. */
  private readonly groups = new Map<readonly Entry[], () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly due: (entries: readonly Entry[]) => void,
  ) {}

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  /** Calls `due` with the entries after `ms`. */
  add(entries: readonly Entry[], ms: number): void {
    const cancel = this.clock.setTimer(() => {
      this.groups.delete(entries);
      this.due(entries);
    }, ms);
    this.groups.set(entries, cancel);
  }

  /** Takes all entries, whose timers then never fire. */
  takeAll(): Entry[] {
    for (const cancel of this.groups.values()) cancel();
    const left = [...this.groups.keys()].flat();
    this.groups.clear();
    return left;
  }
}
