import { randomUUID } from 'node:crypto';

/** How long SQS remembers a ReceiveRequestAttemptId. */
const MEMORY_MS = 5 * 60 * 1000;

/**
 * Ids of FIFO receives. When the answer to a receive is lost, SQS has already locked its messages; the same id asked again within
 * 5 minutes brings back the very same messages, while a new id would find their groups locked until the visibility timeout ends
 * (ReceiveMessage, parameter ReceiveRequestAttemptId).
 */
export class ReceiveAttempts {
  private readonly failed: { readonly id: string; readonly at: number }[] = [];

  /** The id of a receive without an answer, oldest first, or a fresh one. */
  next(now: number): string {
    for (let attempt = this.failed.shift(); attempt !== undefined; attempt = this.failed.shift()) {
      if (now - attempt.at < MEMORY_MS) return attempt.id;
    }
    return randomUUID();
  }

  /** Keeps the id of a receive that failed, for the next one. */
  fail(id: string, now: number): void {
    this.failed.push({ id, at: now });
  }
}
