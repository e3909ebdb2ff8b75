import { createHash } from 'node:crypto';
import type { WireMessage } from '../../queue/wire-message.js';

/** Time for which a FIFO queue remembers a deduplication id, even after its message is gone. */
const WINDOW_MS = 5 * 60 * 1000;

/** Remembers the recent deduplication ids of a FIFO queue. */
export class Deduplication {
  private readonly seen = new Map<string, { readonly messageId: string; readonly at: number }>();

  /**
   * Returns the id of the message that was stored under the same deduplication id within the
   * window.
   */
  find(message: WireMessage, now: number): string | undefined {
    for (const [key, { at }] of this.seen) {
      if (now - at < WINDOW_MS) break;
      this.seen.delete(key);
    }
    return this.seen.get(keyOf(message))?.messageId;
  }

  remember(message: WireMessage, messageId: string, now: number): void {
    this.seen.set(keyOf(message), { messageId, at: now });
  }
}

/** Ignores attributes, because SQS hashes only the body. */
function keyOf({ deduplicationId, body }: WireMessage): string {
  return deduplicationId ?? createHash('sha256').update(body).digest('hex');
}
