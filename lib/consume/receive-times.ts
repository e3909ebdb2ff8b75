import type { Clock } from '../queue/clock.js';

/** Counts the open receives of a worker, and notes when the last receives began and were answered. */
export class ReceiveTimes {
  private open = 0;
  private attemptedAt: number | undefined;
  private answeredAt: number | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Counts the receives that are open. */
  get openReceives(): number {
    return this.open;
  }

  /** Time since the last attempt to receive, in ms. Undefined before the first. */
  get sinceAttemptMs(): number | undefined {
    return this.since(this.attemptedAt);
  }

  /** Time since the last answer, in ms. Undefined before the first. */
  get sinceReceiveMs(): number | undefined {
    return this.since(this.answeredAt);
  }

  /** Notes that a loop has slots and is about to receive. It may still wait for the rate that the queue accepts. */
  attempted(): void {
    this.attemptedAt = this.clock.now();
  }

  /** Runs a receive. */
  async over<T>(receive: () => Promise<T>): Promise<T> {
    this.open += 1;
    this.attempted();
    try {
      const messages = await receive();
      this.answeredAt = this.clock.now();
      return messages;
    } finally {
      this.open -= 1;
    }
  }

  private since(at: number | undefined): number | undefined {
    return at === undefined ? undefined : this.clock.now() - at;
  }
}
