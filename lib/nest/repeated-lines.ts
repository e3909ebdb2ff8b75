import type { Clock } from '../queue/clock.js';

/** More kinds of failure than this at a time are not told apart. */
const MAX_KINDS = 256;

interface Seen {
  readonly at: number;
  readonly left: number;
}

/** Lets the first line of a kind through, then one in a while that says how many were left out: an outage must not flood the log. */
export class RepeatedLines {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly clock: Clock) {}

  /** The line to write, or undefined when one of its kind was written within `everyMs`. */
  pass(kind: string, line: string, everyMs = 10_000): string | undefined {
    const now = this.clock.now();
    const { at, left } = this.seen.get(kind) ?? { at: -Infinity, left: 0 };
    if (now - at < everyMs) {
      this.seen.set(kind, { at, left: left + 1 });
      return undefined;
    }
    if (this.seen.size >= MAX_KINDS) this.seen.clear();
    this.seen.set(kind, { at: now, left: 0 });
    return left === 0 ? line : `${line} (and ${left} more like it)`;
  }
}
