import type { EventSink } from '../diagnostics/event-sink.js';
import type { Clock } from '../queue/clock.js';

export interface StallDetectorParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  readonly handlerTimeoutMs: number | undefined;
}

/** Time in ms without a free slot after which a stall is reported. */
const STALLED_MS = 300_000;

/** Reports a long wait for a slot. Without the report, hanging handlers look like an empty queue. */
export class StallDetector {
  private readonly everyMs: number;
  private waiting = 0;
  private since: number | undefined;
  private cancel: (() => void) | undefined;

  constructor(private readonly parts: StallDetectorParts) {
    // A handler may run as long as its timeout allows.
    this.everyMs = Math.max(STALLED_MS, parts.handlerTimeoutMs ?? 0);
  }

  /** Time since the oldest wait began, or since any wait last ended, in ms. 0 while nothing waits. */
  get waitedMs(): number {
    return this.since === undefined ? 0 : this.parts.clock.now() - this.since;
  }

  /** Watches a wait for a slot. */
  async over<T>(wait: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    if (!this.cancel) this.arm(this.parts.clock.now());
    try {
      return await wait();
    } finally {
      this.waiting -= 1;
      this.cancel?.();
      this.cancel = undefined;
      this.since = undefined;
      if (this.waiting > 0) this.arm(this.parts.clock.now());
    }
  }

  private arm(since: number): void {
    this.since = since;
    const { clock, queue, report } = this.parts;
    this.cancel = clock.setTimer(() => {
      this.arm(since);
      report({ type: 'stalled', queue: queue.name, forMs: clock.now() - since });
    }, this.everyMs);
  }
}
