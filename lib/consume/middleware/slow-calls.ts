import { type LinkedItem, LinkedItems } from '../../common/linked-items.js';
import type { EventSink } from '../../diagnostics/event-sink.js';
import { type Clock, SingleTimer } from '../../queue/clock.js';
import type { CallMiddleware } from '../pipeline.js';

export interface SlowCallsParts {
  readonly queue: { readonly name: string };
  readonly clock: Clock;
  readonly report: EventSink;
  /** Milliseconds after which a running call is reported; `Infinity` reports none. */
  readonly slowCallMs: number;
}

interface RunningCall extends LinkedItem<RunningCall> {
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
    this.timer = new SingleTimer(parts.clock, () => this.reportDue());
  }

  /** Watches each call while its handlers run. */
  readonly watch: CallMiddleware = (next) => {
    if (this.parts.slowCallMs === Infinity) return next;
    return async (call, delivery, at) => {
      const running = this.begin(call.method, delivery.message.id);
      try {
        await next(call, delivery, at);
      } finally {
        this.end(running);
      }
    };
  };

  /** Ends the watch of all calls. */
  close(): void {
    this.running.clear();
    this.timer.cancel();
  }

  private begin(method: string, messageId: string): RunningCall {
    const { clock, slowCallMs } = this.parts;
    const call = { method, messageId, startedAt: clock.now(), before: undefined, after: undefined };
    this.running.add(call);
    this.timer.start(slowCallMs);
    return call;
  }

  private end(call: RunningCall): void {
    this.running.delete(call);
    if (this.running.size === 0) this.timer.cancel();
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
