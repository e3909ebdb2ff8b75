import type { Clock } from './clock.js';

/**
 * Describes a long poll that waits for its first message. `take` returns at once, with messages or
 * with an empty list.
 */
export interface Waiter<T> {
  readonly take: () => readonly T[];
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  /** Creates the error of an aborted wait. */
  readonly aborted: () => Error;
}

interface Waiting<T> {
  readonly take: () => readonly T[];
  readonly resolve: (messages: readonly T[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Serves long polls in order of arrival. The longest wait comes first, and no poll wakes without
 * messages.
 */
export class ReceiveWaiters<T> {
  private readonly waiting = new Set<Waiting<T>>();
  private cancelWake: (() => void) | undefined;

  /**
   * @param nextChange time at which a message may become visible by itself, in ms since the epoch
   */
  constructor(
    private readonly clock: Clock,
    private readonly nextChange: () => number | undefined,
  ) {}

  /** Resolves with the first messages, or with an empty list when the time is over. */
  wait(waiter: Waiter<T>): Promise<readonly T[]> {
    const { take, ms, signal, aborted } = waiter;
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        this.waiting.delete(waiting);
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        if (this.waiting.size === 0) this.stopWaking();
        act();
      };
      const onAbort = (): void => end(() => reject(aborted()));
      const waiting: Waiting<T> = {
        take,
        resolve: (messages) => end(() => resolve(messages)),
        reject: (error) => end(() => reject(error)),
      };
      const cancelTimer = this.clock.setTimer(() => {
        // A message that becomes visible at this very moment is still in time.
        this.serve();
        waiting.resolve([]);
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(waiting);
      this.serve();
    });
  }

  /**
   * Serves waiting polls. Call this method after every change that may have made a message visible.
   */
  serve(): void {
    for (const waiting of this.waiting) {
      const messages = waiting.take();
      // If this poll gets no message, no later poll gets a message.
      if (messages.length === 0) break;
      waiting.resolve(messages);
    }
    this.wakeAtNextChange();
  }

  /** Rejects every wait with an error. */
  rejectAll(error: () => Error): void {
    for (const waiting of this.waiting) waiting.reject(error());
  }

  private wakeAtNextChange(): void {
    this.stopWaking();
    const next = this.waiting.size === 0 ? undefined : this.nextChange();
    if (next === undefined) return;
    this.cancelWake = this.clock.setTimer(() => this.serve(), next - this.clock.now());
  }

  private stopWaking(): void {
    this.cancelWake?.();
    this.cancelWake = undefined;
  }
}
