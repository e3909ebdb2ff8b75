import { createHash } from 'node:crypto';

/** Time for which a deduplication id counts, even after its message is gone. */
const WINDOW_MS = 5 * 60 * 1000;

/** Holds the answer to the second send of a message. */
export interface FirstSend {
  readonly id: string;
  readonly sequenceNumber: string | undefined;
}

/** The deduplication ids of the last 5 minutes. */
export class DeduplicationWindow {
  private readonly seen = new Map<string, FirstSend & { readonly at: number }>();

  /** @param perGroup the scope `messageGroup` instead of `queue`. */
  constructor(private readonly perGroup: boolean) {}

  find(deduplicationId: string, groupId: string, now: number): FirstSend | undefined {
    for (const [key, { at }] of this.seen) {
      if (now - at < WINDOW_MS) break;
      this.seen.delete(key);
    }
    return this.seen.get(this.keyOf(deduplicationId, groupId));
  }

  remember(deduplicationId: string, groupId: string, first: FirstSend, now: number): void {
    this.seen.set(this.keyOf(deduplicationId, groupId), { ...first, at: now });
  }

  private keyOf(deduplicationId: string, groupId: string): string {
    return this.perGroup ? `${groupId} ${deduplicationId}` : deduplicationId;
  }
}

/** The id of a message without one, where the queue has content-based deduplication: attributes do not count. */
export function contentId(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
