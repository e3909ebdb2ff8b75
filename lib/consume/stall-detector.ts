import type { Observer } from '../diagnostics/event-sink.js';
import type { Clock } from '../queue/clock.js';

/** What a {@link StallWatch} is made of. */
export interface StallWatchParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly observe: Observer;
  readonly handlerTimeoutMs: number | undefined;
}

/** Nothing at all received for so long, for want of a place, is worth a word. */
const STALLED_MS = 300_000;

/** Tells when no place has become free for long: handlers that hang would otherwise look like a queue in which nothing comes. */
export class StallWatch {
  private readonly everyMs: number;
  private waiting = 0;
  private cancel: (() => void) | undefined;

  constructor(private readonly parts: StallWatchParts) {
    // What a handler may take by its options is no stall.
    this.everyMs = Math.max(STALLED_MS, parts.handlerTimeoutMs ?? 0);
  }

  /** Watches over somebody who waits for a place. */
  async over<T>(wait: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    if (!this.cancel) this.arm(this.parts.clock.now());
    try {
      return await wait();
    } finally {
      this.waiting -= 1;
      this.cancel?.();
      this.cancel = undefined;
      if (this.waiting > 0) this.arm(this.parts.clock.now());
    }
  }

  private arm(since: number): void {
    const { clock, queue, observe } = this.parts;
    this.cancel = clock.setTimer(() => {
      this.arm(since);
      observe({ type: 'stalled', queue: queue.name, forMs: clock.now() - since });
    }, this.everyMs);
  }
}
