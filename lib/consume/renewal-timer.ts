import type { EventSink } from '../diagnostics/event-sink.js';
import type { Clock } from '../queue/clock.js';

export interface RenewalTimerParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  readonly visibilityTimeoutSeconds: number;
}

/** Share of the lease by which a timer may be late. A later timer means that the event loop was blocked. */
const LATE = 0.1;

/** Runs a callback at the earliest time it was armed for. Reports if the event loop was blocked then. */
export class RenewalTimer {
  private cancel: (() => void) | undefined;
  private at = Infinity;
  private delayReported = false;

  constructor(
    private readonly parts: RenewalTimerParts,
    private readonly callback: () => void,
  ) {}

  /** Sets the timer, unless it is set for an earlier time. A time in the past counts as now. */
  arm(time: number): void {
    const { clock } = this.parts;
    const at = Math.max(time, clock.now());
    if (at >= this.at) return;
    this.disarm();
    this.at = at;
    this.delayReported = false;
    this.cancel = clock.setTimer(() => {
      this.reportDelay();
      this.disarm();
      this.callback();
    }, at - clock.now());
  }

  disarm(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.at = Infinity;
  }

  /** Reports a late timer, once for each time the timer was set. */
  reportDelay(): void {
    const { clock, queue, report, visibilityTimeoutSeconds } = this.parts;
    const delayMs = clock.now() - this.at;
    if (this.delayReported || delayMs <= visibilityTimeoutSeconds * 1000 * LATE) return;
    this.delayReported = true;
    report({ type: 'loop-delay', queue: queue.name, delayMs });
  }
}
