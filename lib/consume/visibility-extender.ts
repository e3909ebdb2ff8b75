import type { EventSink } from '../diagnostics/event-sink.js';
import type { Clock } from '../queue/clock.js';
import { numberOption } from '../queue/options.js';
import { checkResults } from '../queue/check-results.js';
import { QueueError } from '../queue/queue-error.js';
import type { EntryResult, LeaseExtension, MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { LeaseLostError, type Lease } from './delivery.js';
import { type LeaseKeeper, TrackedLease } from './tracked-lease.js';

export interface VisibilityExtenderParts {
  readonly queue: MessageReceiver;
  readonly clock: Clock;
  readonly report: EventSink;
  /** Seconds for which each renewal hides a message. */
  readonly visibilityTimeoutSeconds: number;
  readonly random?: () => number;
}

/** Share of the lease after which to renew. The jitter spreads the renewals of one receive. */
const RENEW_AT = 0.5;
const JITTER = 0.1;
/** Share of the lease within which due renewals share a request. */
const GATHER = 0.1;
/** Share of the lease by which a timer may be late. A later timer means that the event loop was blocked. */
const LATE = 0.1;
/** Safety margin in ms: the queue counts from its own receive, and refuses a lease beyond its limit. */
const MARGIN_MS = 5_000;
/** Longest lease in seconds that a handler may ask for where a carrier has no leases (SQS: 12 hours). */
const LONGEST_LEASE = 43_200;

/**
 * Keeps the messages in hand hidden from other receivers. One timer serves all leases and renews
 * them in batches at half of the lease, counted from the receive. It never renews past the longest
 * lease of the queue. On a carrier without leases it only tracks the messages.
 */
export class VisibilityExtender implements LeaseKeeper {
  private readonly tracked = new Set<TrackedLease>();
  private cancelTimer: (() => void) | undefined;
  private timerAt = Infinity;
  private delayReported = false;

  constructor(private readonly parts: VisibilityExtenderParts) {}

  /** Starts to renew the lease of a message that was just received. */
  track(message: ReceivedMessage): Lease {
    const { queue, visibilityTimeoutSeconds } = this.parts;
    // Without leases nothing falls due and nothing expires.
    const seconds = queue.features.leases ? visibilityTimeoutSeconds : Infinity;
    const lease = new TrackedLease(message, this);
    lease.dueAt = this.nextDue(message.receivedAt, seconds);
    lease.expiresAt = message.receivedAt + seconds * 1000;
    this.tracked.add(lease);
    this.arm(lease.dueAt);
    return lease;
  }

  /** Ends the renewal of a lease; see {@link Lease.stop}. */
  async stop(lease: TrackedLease): Promise<void> {
    // After a blocked event loop, this call may run before the timer.
    this.reportDelay();
    const isTracked = this.tracked.delete(lease);
    if (this.tracked.size === 0) this.disarm();
    // A renewal in progress may still prolong the lease.
    await lease.renewing;
    if (isTracked && this.parts.clock.now() >= lease.expiresAt) this.lose(lease);
  }

  /** Counts the messages in hand. */
  get size(): number {
    return this.tracked.size;
  }

  private nextDue(from: number, seconds: number): number {
    const random = this.parts.random ?? Math.random;
    return from + seconds * 1000 * (RENEW_AT + (random() * 2 - 1) * JITTER);
  }

  private arm(dueAt: number): void {
    if (dueAt >= this.timerAt) return;
    this.disarm();
    this.timerAt = dueAt;
    this.delayReported = false;
    const { clock } = this.parts;
    this.cancelTimer = clock.setTimer(() => this.beat(), Math.max(0, dueAt - clock.now()));
  }

  private disarm(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.timerAt = Infinity;
  }

  private beat(): void {
    this.reportDelay();
    this.disarm();
    const { clock, queue, visibilityTimeoutSeconds } = this.parts;
    for (const lease of this.tracked) if (!lease.renewing && clock.now() >= lease.expiresAt) this.lose(lease);
    const horizon = clock.now() + visibilityTimeoutSeconds * 1000 * GATHER;
    const due = [...this.tracked].filter((lease) => !lease.renewing && lease.dueAt <= horizon);
    const size = queue.limits.batchEntries;
    for (let i = 0; i < due.length; i += size) this.renew(due.slice(i, i + size));
    this.armNext();
  }

  /** Reports a late timer, once for each time the timer was set. */
  private reportDelay(): void {
    const { clock, queue, report, visibilityTimeoutSeconds } = this.parts;
    const delayMs = clock.now() - this.timerAt;
    if (this.delayReported || delayMs <= visibilityTimeoutSeconds * 1000 * LATE) return;
    this.delayReported = true;
    report({ type: 'loop-delay', queue: queue.name, delayMs });
  }

  private armNext(): void {
    let next = Infinity;
    for (const lease of this.tracked) if (!lease.renewing) next = Math.min(next, lease.dueAt);
    if (next < Infinity) this.arm(next);
  }

  private renew(leases: readonly TrackedLease[]): void {
    const entries = leases.flatMap((lease) => {
      const seconds = Math.min(this.parts.visibilityTimeoutSeconds, this.secondsLeft(lease));
      if (seconds >= 1) return [{ lease, entry: { message: lease.message, seconds } }];
      // The queue grants no more. The handler may use the rest of the lease.
      lease.dueAt = lease.expiresAt;
      return [];
    });
    if (entries.length === 0) return;
    // The queue counts from the request, which may be long before its answer.
    const askedAt = this.parts.clock.now();
    const done = this.extendAll(entries.map(({ entry }) => entry)).then((outcomes) => {
      entries.forEach(({ lease, entry }, i) => this.renewed(lease, askedAt, entry.seconds, outcomes[i]));
    });
    for (const { lease } of entries) this.occupy(lease, done);
  }

  /** Marks a change of a lease as in progress. Only one change at a time has a known outcome. */
  private occupy(lease: TrackedLease, work: Promise<void>): void {
    const done = work.then(() => {
      if (lease.renewing !== done) return;
      lease.renewing = undefined;
      if (this.tracked.has(lease)) this.arm(lease.dueAt);
    });
    lease.renewing = done;
  }

  private async extendAll(extensions: readonly LeaseExtension[]): Promise<readonly (EntryResult | undefined)[]> {
    const { queue } = this.parts;
    try {
      return checkResults(await queue.extend(extensions), queue.name);
    } catch (error) {
      const failure = QueueError.from(error, queue.name);
      return extensions.map(() => ({ ok: false, error: failure }));
    }
  }

  private renewed(lease: TrackedLease, askedAt: number, seconds: number, outcome: EntryResult | undefined): void {
    if (outcome?.ok) return this.prolong(lease, askedAt, seconds);
    if (outcome?.error.kind === 'lease-lost') return this.lose(lease);
    const { queue, clock, report, visibilityTimeoutSeconds } = this.parts;
    report({ type: 'renew-failed', queue: queue.name, messageId: lease.message.id, error: outcome?.error });
    // A tenth of the lease leaves four more attempts before it ends.
    lease.dueAt = Math.min(clock.now() + visibilityTimeoutSeconds * 1000 * GATHER, lease.expiresAt);
  }

  private prolong(lease: TrackedLease, askedAt: number, seconds: number): void {
    lease.dueAt = this.nextDue(askedAt, seconds);
    lease.expiresAt = askedAt + seconds * 1000;
  }

  /** Changes a lease for a handler; see {@link Lease.extend}. */
  async extend(lease: TrackedLease, seconds: number): Promise<void> {
    const { features, limits } = this.parts.queue;
    numberOption('seconds', seconds, 0, 1, features.leases ? limits.leaseSeconds : LONGEST_LEASE);
    // An aborted handler may still run after its message was settled.
    if (!this.tracked.has(lease)) throw this.ended(lease);
    if (!features.leases) return;
    const done = (lease.renewing ?? Promise.resolve()).then(() => this.extendLonger(lease, seconds));
    this.occupy(
      lease,
      done.catch(() => undefined),
    );
    await done;
  }

  private async extendLonger(lease: TrackedLease, wanted: number): Promise<void> {
    const askedAt = this.parts.clock.now();
    const seconds = Math.min(wanted, this.secondsLeft(lease));
    const [outcome] = await this.extendAll([{ message: lease.message, seconds }]);
    if (outcome?.ok) {
      this.prolong(lease, askedAt, seconds);
    } else {
      if (outcome?.error.kind === 'lease-lost') this.lose(lease);
      throw (
        outcome?.error ?? QueueError.from(new Error('the answer has no entry for this message'), this.parts.queue.name)
      );
    }
  }

  private ended({ message }: TrackedLease): QueueError {
    return new QueueError(`message ${message.id} is no longer being handled here; it cannot be extended`, {
      code: 'LeaseEnded',
      kind: 'lease-lost',
      queue: this.parts.queue.name,
    });
  }

  /** Returns the whole seconds until the longest lease of the queue ends. */
  private secondsLeft({ message }: TrackedLease): number {
    const endsAt = message.receivedAt + this.parts.queue.limits.leaseSeconds * 1000 - MARGIN_MS;
    return Math.floor((endsAt - this.parts.clock.now()) / 1000);
  }

  private lose(lease: TrackedLease): void {
    if (lease.lost) return;
    lease.lost = true;
    this.tracked.delete(lease);
    const { id } = lease.message;
    this.parts.report({ type: 'lease-lost', queue: this.parts.queue.name, messageId: id });
    lease.abort(new LeaseLostError(id));
  }
}
