import { type LinkedItem, LinkedItems } from '../common/linked-items.js';
import type { EventSink } from '../diagnostics/event-sink.js';
import { type Clock, SingleTimer } from '../queue/clock.js';

export interface SlowCallsParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  /** Milliseconds after which a running call is reported; `Infinity` reports none. */
  readonly slowCallMs: number;
}

/** A call that is watched. */
export interface RunningCall extends LinkedItem<RunningCall> {
  readonly method: string;
  readonly messageId: string;
  readonly startedAt: number;
}

/**
 * Reports each call that still runs after `slowCallMs`, once, with its method and its message. A
 * handler that never ends is not silent then. One timer serves all calls.
 */
export class SlowCalls {
  /** Calls that are not reported yet, in the order of their starts. */
  private readonly running = new LinkedItems<RunningCall>();
  private readonly timer: SingleTimer;

  constructor(private readonly parts: SlowCallsParts) {
    this.timer = new SingleTimer(parts.clock, () => this.reportDue(), { background: true });
  }

  /** Begins to watch a call that started at the clock time `startedAt`. Returns undefined if no call is reported. */
  begin(method: string, messageId: string, startedAt: number): RunningCall | undefined {
    const { slowCallMs } = this.parts;
    if (slowCallMs === Infinity) return undefined;
    const call = { method, messageId, startedAt, before: undefined, after: undefined };
    this.running.add(call);
    this.timer.start(slowCallMs);
    return call;
  }

  /** Ends the watch of a call. */
  end(call: RunningCall | undefined): void {
    // The timer goes on: calls come and go much faster than it fires.
    if (call !== undefined) this.running.delete(call);
  }

  /** Ends the watch of all calls. */
  close(): void {
    this.running.clear();
    this.timer.cancel();
  }

  private reportDue(): void {
    const { clock, slowCallMs, queue, report } = this.parts;
    for (const call of this.running) {
      const { method, messageId, startedAt } = call;
      const forMs = clock.now() - startedAt;
      if (forMs < slowCallMs) return this.timer.start(slowCallMs - forMs);
      this.running.delete(call);
      report({ type: 'slow-call', queue: queue.name, method, messageId, forMs });
    }
  }
}
