import type { TransportEvent } from '../../diagnostics/transport-event.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';

/** What keeps a worker from settling anything at all, where other failures are of one message or pass by themselves. */
const SETTLES_NOTHING: ReadonlySet<QueueErrorKind> = new Set(['denied', 'credentials', 'missing-queue']);

/** Whether a worker can do its work: receive, and settle what it received. */
export class Health {
  private receives = true;
  private settles = true;

  /** Takes what happened. Gives the new state where it has changed. */
  note(event: TransportEvent): 'up' | 'down' | undefined {
    const before = this.isWell();
    if (event.type === 'poll-failed') this.receives = false;
    else if (event.type === 'received') this.receives = true;
    // A worker that may not send can still settle: what it cannot split comes back whole.
    else if (event.type === 'settle-failed') this.settles &&= event.outcome === 'split' || !settlesNothing(event.error);
    else if (event.type === 'settled' && event.outcome !== 'abandon') this.settles = true;
    if (before === this.isWell()) return undefined;
    return before ? 'down' : 'up';
  }

  private isWell(): boolean {
    return this.receives && this.settles;
  }
}

function settlesNothing(error: unknown): boolean {
  return error instanceof QueueError && SETTLES_NOTHING.has(error.kind);
}
