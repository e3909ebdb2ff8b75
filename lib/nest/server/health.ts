import { messageOf } from '../../diagnostics/error-text.js';
import type { TransportEvent } from '../../diagnostics/transport-event.js';
import type { Clock } from '../../queue/clock.js';
import { QueueError, type QueueErrorKind } from '../../queue/queue-error.js';

/**
 * Lists errors that stop a worker from settling anything at all. Other failures concern one message
 * or pass by themselves.
 */
const SETTLES_NOTHING: ReadonlySet<QueueErrorKind> = new Set(['denied', 'credentials', 'missing-queue']);

/** Lists errors that a busy queue returns now and then, also to healthy workers. */
const BUSY: ReadonlySet<QueueErrorKind> = new Set(['throttled', 'over-limit']);
/**
 * Limits busy errors in a row before the worker is down. With the pauses between them, ten errors
 * take about a minute.
 */
const BUSY_TOO_OFTEN = 10;

/**
 * Limits the time for which a refused verb counts. A verb without a new refusal is unused or
 * permitted again. A refused message returns sooner than this time.
 */
const FORGET_MS = 600_000;

/**
 * Excludes `send`: a worker that may not send can still settle. Messages that cannot be split or
 * dead-lettered stay.
 */
type Verb = 'remove' | 'release';

/** Tracks if a worker can receive messages and settle them. */
export class Health {
  private receives = true;
  /** Records the last refusal of each verb that has not succeeded since. */
  private readonly refused = new Map<Verb, number>();
  private readonly forgetMs: number;
  private lastError: unknown;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    visibilityTimeoutSeconds: number,
  ) {
    this.forgetMs = Math.max(FORGET_MS, 2 * visibilityTimeoutSeconds * 1000);
  }

  /** Text of the last error that stopped the worker from receiving or settling. Undefined while it does both. */
  get failure(): string | undefined {
    return this.isWell() ? undefined : messageOf(this.lastError);
  }

  /** True if the worker can receive and settle, as far as it knows. */
  isWell(): boolean {
    return this.receives && this.refused.size === 0;
  }

  /** Updates the health from an event. Returns the new state if the state has changed. */
  note(event: TransportEvent): 'up' | 'down' | undefined {
    const before = this.isWell();
    this.forget();
    if (event.type === 'poll-failed') this.noteFailure(event);
    else if (event.type === 'received' || event.type === 'poll-recovered') this.receives = true;
    else if (event.type === 'settle-failed') this.noteRefusal(event);
    else if (event.type === 'settled') this.noteSuccess(event);
    if (before === this.isWell()) return undefined;
    return before ? 'down' : 'up';
  }

  private noteFailure({ failures, error }: Extract<TransportEvent, { type: 'poll-failed' }>): void {
    this.receives &&= failures < BUSY_TOO_OFTEN && isOf(error, BUSY);
    if (!this.receives) this.lastError = error;
  }

  private noteRefusal({ verb, error }: Extract<TransportEvent, { type: 'settle-failed' }>): void {
    if (verb === undefined || verb === 'send' || !isOf(error, SETTLES_NOTHING)) return;
    this.lastError = error;
    // SQS has one permission, to delete, for acknowledge and discard.
    this.refused.set(verb === 'release' ? verb : 'remove', this.clock.now());
  }

  private noteSuccess({ outcome, fate, delaySeconds }: Extract<TransportEvent, { type: 'settled' }>): void {
    if (outcome === 'ack' || outcome === 'split' || fate === 'removed' || fate === 'dead-lettered') {
      this.refused.delete('remove');
    } else if (delaySeconds !== undefined) {
      this.refused.delete('release');
    }
  }

  private forget(): void {
    const now = this.clock.now();
    for (const [verb, at] of this.refused) if (now - at >= this.forgetMs) this.refused.delete(verb);
  }
}

function isOf(error: unknown, kinds: ReadonlySet<QueueErrorKind>): boolean {
  return error instanceof QueueError && kinds.has(error.kind);
}
