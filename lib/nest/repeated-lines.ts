import type { Clock } from '../queue/clock.js';

/**
 * Limits the kinds of failure that are tracked at a time. A new kind beyond the limit clears all
 * counts.
 */
const MAX_KINDS = 256;

interface Seen {
  readonly at: number;
  readonly written: number;
  readonly left: number;
}

/** Limits the lines that pass. */
export interface Often {
  /** Sets the period, in ms. Default 10 000. */
  readonly everyMs?: number;
  /** Sets the number of lines that pass per period. Default 1. */
  readonly several?: number;
}

/**
 * Limits repeated log lines, since an outage must not flood the log. Passes the first line of a
 * kind, then one line per period with the number of suppressed lines.
 */
export class RepeatedLines {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly clock: Clock) {}

  /**
   * Returns the line to write, or undefined if `several` lines of its kind were written within
   * `everyMs`.
   */
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
