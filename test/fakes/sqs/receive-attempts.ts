import type { Delivery } from './model.js';

/** Time for which an attempt id counts. */
const WINDOW_MS = 5 * 60 * 1000;

interface Attempt {
  readonly at: number;
  readonly deliveries: readonly Delivery[];
  readonly versions: readonly number[];
}

/** Keeps the answers to receives of a FIFO queue, by their ReceiveRequestAttemptId. */
export class ReceiveAttempts {
  private readonly attempts = new Map<string, Attempt>();

  /**
   * The messages of an earlier receive with this id, to be handed out again as they were: within 5 minutes, and as long as all of them
   * are still in flight by that receive and none was removed or hidden anew.
   */
  find(id: string, now: number): readonly Delivery[] | undefined {
    for (const [old, { at }] of this.attempts) {
      if (now - at < WINDOW_MS) break;
      this.attempts.delete(old);
    }
    const attempt = this.attempts.get(id);
    const same = attempt?.deliveries.every(({ message }, at) => message.version === attempt.versions[at]);
    return same === true ? attempt?.deliveries : undefined;
  }

  /** To be called when all of them are in flight. */
  remember(id: string, deliveries: readonly Delivery[], now: number): void {
    const first = this.attempts.get(id)?.at ?? now;
    this.attempts.set(id, { at: first, deliveries, versions: deliveries.map(({ message }) => message.version) });
  }
}
