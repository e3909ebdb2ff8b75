import type { Clock } from '../queue/clock.js';

/** More kinds of failure than this at a time are not told apart. */
const MAX_KINDS = 256;

interface Seen {
  readonly at: number;
  readonly written: number;
  readonly left: number;
}

/** How much is let through. */
export interface Often {
  /** Default 10 000. */
  readonly everyMs?: number;
  /** So many lines in that time. Default 1. */
  readonly several?: number;
}

/** Lets the first line of a kind through, then one in a while that says how many were left out: an outage must not flood the log. */
export class RepeatedLines {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly clock: Clock) {}

  /** The line to write, or undefined when `several` of its kind were written within `everyMs`. */
  pass(kind: string, line: string, { everyMs = 10_000, several = 1 }: Often = {}): string | undefined {
    const now = this.clock.now();
    const { at, written, left } = this.seen.get(kind) ?? { at: -Infinity, written: 0, left: 0 };
    if (now - at < everyMs) {
      const passes = written < several;
      this.seen.set(kind, { at, written: written + (passes ? 1 : 0), left: left + (passes ? 0 : 1) });
      return passes ? line : undefined;
    }
    if (this.seen.size >= MAX_KINDS) this.seen.clear();
    this.seen.set(kind, { at: now, written: 1, left: 0 });
    return left === 0 ? line : `${line} (and ${left} more like it)`;
  }
}
