import { setNewest } from '../common/newest-entries.js';
import type { Clock } from '../queue/clock.js';

/** Limits the kinds of failure that are tracked at a time. A new kind replaces the oldest. */
const MAX_KINDS = 256;
/** Period in ms of {@link MOST_LINES}, and of each kind unless it says otherwise. */
const PERIOD_MS = 10_000;
/** Limits the lines of all kinds in a period, since a sender may find ever new kinds. */
const MOST_LINES = 200;

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
  /** Start of the period, and the lines in it. */
  private since = -Infinity;
  private lines = 0;
  /** Counts the lines that were left out because the period had too many. */
  private leftOut = 0;

  constructor(private readonly clock: Clock) {}

  /**
   * Returns the line to write, or undefined if `several` lines of its kind were written within
   * `everyMs`. Makes only lines that are written.
   */
  pass(kind: string, line: () => string, { everyMs = PERIOD_MS, several = 1 }: Often = {}): string | undefined {
    const now = this.clock.now();
    const seen = this.seen.get(kind);
    if (seen && now - seen.at < everyMs) return this.passAgain(kind, line, seen, several);
    if (!this.hasRoom(now)) {
      this.leftOut += 1;
      return undefined;
    }
    setNewest(this.seen, kind, { at: now, written: 1, left: 0 }, MAX_KINDS);
    return this.written(seen && seen.left > 0 ? `${line()} (and ${seen.left} more like it)` : line());
  }

  private passAgain(kind: string, line: () => string, seen: Seen, several: number): string | undefined {
    if (seen.written < several && this.hasRoom(this.clock.now())) {
      this.seen.set(kind, { ...seen, written: seen.written + 1 });
      return this.written(line());
    }
    this.seen.set(kind, { ...seen, left: seen.left + 1 });
    return undefined;
  }

  /** True if the period has room for another line. */
  private hasRoom(now: number): boolean {
    if (now - this.since >= PERIOD_MS) {
      this.since = now;
      this.lines = 0;
    }
    return this.lines < MOST_LINES;
  }

  /** Counts a line. Adds how many were left out before it. */
  private written(line: string): string {
    this.lines += 1;
    const { leftOut } = this;
    this.leftOut = 0;
    return leftOut > 0 ? `${line} (${leftOut} lines of other kinds were left out)` : line;
  }
}
