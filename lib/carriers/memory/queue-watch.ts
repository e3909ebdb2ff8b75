import { setImmediate as nextTurn } from 'node:timers/promises';

/** Describes the sending end of a queue that may still hold calls. */
export interface PendingSender {
  /** Resolves when the sender holds no more calls for any queue. Never rejects. */
  whenSent(): Promise<void>;
}

/** Lets tests wait for a state of a queue in memory. */
export class QueueWatch {
  private readonly waiting = new Set<() => void>();

  /** @param senders senders whose calls count as work of the queue */
  constructor(private readonly senders: Iterable<PendingSender>) {}

  /** Wakes all waits. Call this method after every change. */
  changed(): void {
    for (const wake of this.waiting) wake();
  }

  /**
   * Resolves once `holds` is true, no sender holds calls, and everything that follows at once has
   * run. An emit of the same turn of the event loop counts as well.
   */
  async until(holds: () => boolean): Promise<void> {
    do {
      // An emit opens its queue within a turn, and a worker reports a settlement within a turn.
      await nextTurn();
      await Promise.all([...this.senders].map((sender) => sender.whenSent()));
      while (!holds()) await this.nextChange();
      await nextTurn();
    } while (!holds());
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
    });
  }
}
