import { createHash } from 'node:crypto';
import { setNewest } from '../../common/newest-entries.js';

/** Largest number of items to remember, at about 200 bytes each. The oldest is forgotten first. */
const MAX_ITEMS = 10_000;

/**
 * Remembers how often items were received that went back to the server, which counts nothing. Knows
 * an item by a digest of its body, so equal bodies share a count. A restart forgets all counts.
 */
export class ReceiveCounts {
  private readonly counts = new Map<string, number>();

  /** Remembers an item that goes back to the server. */
  remember(body: Buffer, count: number): void {
    if (count > 0) setNewest(this.counts, digest(body), count, MAX_ITEMS);
  }

  /** Returns the count of an item that was just taken, this receive included. */
  next(body: Buffer): number {
    if (this.counts.size === 0) return 1;
    const key = digest(body);
    const count = this.counts.get(key) ?? 0;
    this.counts.delete(key);
    return count + 1;
  }
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64');
}
