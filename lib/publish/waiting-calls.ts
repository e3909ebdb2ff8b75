import { type Clock, SingleTimer } from '../queue/clock.js';
import type { QueueError } from '../queue/queue-error.js';

interface Waiting {
  readonly since: number;
  readonly reject: (error: QueueError) => void;
}

export interface WaitingCallsParts {
  readonly clock: Clock;
  /** Longest wait in ms; 0 for no limit. */
  readonly ms: number;
  /** Builds the error of a call whose time is over. */
  readonly late: () => QueueError;
}

/** Time in ms between two looks at the calls that wait. */
const STEP_MS = 100;

/** Limits the time for which calls wait until their queue is open. */
export class WaitingCalls {
  private readonly waiting = new Set<Waiting>();
  private readonly timer: SingleTimer;

  constructor(private readonly parts: WaitingCallsParts) {
    this.timer = new SingleTimer(parts.clock, () => this.look());
  }

  /** Counts the calls that wait. */
  get size(): number {
    return this.waiting.size;
  }

  /**
   * Runs a function as soon as a promise has resolved, and resolves with its result. Functions run in
   * the order of their calls, before anything that waits for the promise later. Rejects with the
   * error of the promise, or when the time is over.
   */
  run<T, R>(ready: Promise<T>, run: (value: T) => R): Promise<R> {
    const { clock, ms } = this.parts;
    return new Promise((resolve, reject) => {
      const waiting = { since: clock.now(), reject };
      this.waiting.add(waiting);
      if (ms > 0) this.timer.start(Math.max(STEP_MS, ms));
      ready.then(
        (value) => void (this.leave(waiting) && resolve(run(value))),
        (error: Error) => void (this.leave(waiting) && reject(error)),
      );
    });
  }

  /** Rejects all calls that wait. */
  rejectAll(error: QueueError): void {
    this.rejectUntil(Infinity, error);
  }

  /** False if the call has been rejected already. */
  private leave(waiting: Waiting): boolean {
    const isWaiting = this.waiting.delete(waiting);
    if (this.waiting.size === 0) this.timer.cancel();
    return isWaiting;
  }

  private look(): void {
    const { clock, ms, late } = this.parts;
    this.rejectUntil(clock.now() - ms, late());
    const [oldest] = this.waiting;
    if (oldest) this.timer.start(Math.max(STEP_MS, oldest.since + ms - clock.now()));
  }

  private rejectUntil(time: number, error: QueueError): void {
    for (const waiting of this.waiting) {
      if (waiting.since > time) return;
      this.leave(waiting);
      waiting.reject(error);
    }
  }
}
