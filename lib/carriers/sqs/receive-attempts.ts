import { randomUUID } from 'node:crypto';

/** Time for which SQS remembers a ReceiveRequestAttemptId. */
const MEMORY_MS = 5 * 60 * 1000;

/**
 * Keeps the ids of FIFO receives. When the answer to a receive is lost, SQS has already locked its
 * messages. A retry with the same id within 5 minutes returns the same messages. A new id would
 * find their message groups locked until the visibility timeout ends. Source: ReceiveMessage,
 * parameter ReceiveRequestAttemptId.
 */
export class ReceiveAttempts {
  private readonly failed: { readonly id: string; readonly at: number }[] = [];

  /** Returns the oldest id of a receive without an answer, or a new id. */
  next(now: number): string {
    for (let attempt = this.failed.shift(); attempt !== undefined; attempt = this.failed.shift()) {
      if (now - attempt.at < MEMORY_MS) return attempt.id;
    }
    return randomUUID();
  }

  /** Keeps the id of a failed receive for the next receive. */
  fail(id: string, now: number): void {
    this.failed.push({ id, at: now });
  }
}
