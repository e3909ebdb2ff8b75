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
    const seen = this.seen.get(kind);
    if (seen && now - seen.at < everyMs) return this.passAgain(kind, line, seen, several);
    if (this.seen.size >= MAX_KINDS) this.seen.clear();
    this.seen.set(kind, { at: now, written: 1, left: 0 });
    return seen && seen.left > 0 ? `${line} (and ${seen.left} more like it)` : line;
  }

  private passAgain(kind: string, line: string, seen: Seen, several: number): string | undefined {
    if (seen.written < several) {
      this.seen.set(kind, { ...seen, written: seen.written + 1 });
      return line;
    }
    this.seen.set(kind, { ...seen, left: seen.left + 1 });
    return undefined;
  }
}
