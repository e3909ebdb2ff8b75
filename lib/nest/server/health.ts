import type { TransportEvent } from '../../diagnostics/transport-event.js';
import type { Clock } from '../../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';

/** What keeps a worker from settling anything at all, where other failures are of one message or pass by themselves. */
const SETTLES_NOTHING: ReadonlySet<QueueErrorKind> = new Set(['denied', 'credentials', 'missing-queue']);

/** What a busy queue answers now and then, and to workers that are well. */
const BUSY: ReadonlySet<QueueErrorKind> = new Set(['throttled', 'over-limit']);
/** So often in a row it is no longer now and then: with the pauses between, about a minute. */
const BUSY_TOO_OFTEN = 10;

/** A verb that was not refused for so long is not needed any more, or permitted again. A refused message comes back sooner. */
const FORGET_MS = 600_000;

/** Without `send`: a worker that may not send can still settle, since what it cannot split or dead-letter stays. */
type Verb = 'acknowledge' | 'release';

/** Whether a worker can do its work: receive, and settle what it received. */
export class Health {
  private receives = true;
  /** When each verb was refused last, of those that have not succeeded since. */
  private readonly refused = new Map<Verb, number>();
  private readonly forgetMs: number;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    visibilityTimeoutSeconds: number,
  ) {
    this.forgetMs = Math.max(FORGET_MS, 2 * visibilityTimeoutSeconds * 1000);
  }

  /** Takes what happened. Gives the new state where it has changed. */
  note(event: TransportEvent): 'up' | 'down' | undefined {
    const before = this.isWell();
    this.forget();
    if (event.type === 'poll-failed') this.receives &&= event.failures < BUSY_TOO_OFTEN && isOf(event.error, BUSY);
    else if (event.type === 'received') this.receives = true;
    else if (event.type === 'settle-failed') this.noteRefusal(event);
    else if (event.type === 'settled') this.noteSuccess(event);
    if (before === this.isWell()) return undefined;
    return before ? 'down' : 'up';
  }

  private noteRefusal({ verb, error }: Extract<TransportEvent, { type: 'settle-failed' }>): void {
    if (verb === undefined || verb === 'send' || !isOf(error, SETTLES_NOTHING)) return;
    this.refused.set(verb, this.clock.now());
  }

  private noteSuccess({ outcome, fate, delaySeconds }: Extract<TransportEvent, { type: 'settled' }>): void {
    if (outcome === 'ack' || outcome === 'split' || fate === 'removed' || fate === 'dead-lettered') {
      this.refused.delete('acknowledge');
    } else if (delaySeconds !== undefined) {
      this.refused.delete('release');
    }
  }

  private forget(): void {
    const now = this.clock.now();
    for (const [verb, at] of this.refused) if (now - at >= this.forgetMs) this.refused.delete(verb);
  }

  private isWell(): boolean {
    return this.receives && this.refused.size === 0;
  }
}

function isOf(error: unknown, kinds: ReadonlySet<QueueErrorKind>): boolean {
  return error instanceof QueueError && kinds.has(error.kind);
}
