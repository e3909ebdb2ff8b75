import { LinkedItems } from '../common/linked-items.js';
import { inRootContext } from '../common/root-context.js';
import { type RequestFollowerParts, RequestFollower } from '../diagnostics/request-follower.js';
import type { Clock } from '../queue/clock.js';
import { numberOption } from '../queue/options.js';
import { checkResults } from '../queue/check-results.js';
import { QueueError } from '../queue/queue-error.js';
import type { EntryResult, LeaseExtension, MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import { LeaseLostError, type Lease } from './delivery.js';
import { RenewalTimer } from './renewal-timer.js';
import { type LeaseKeeper, TrackedLease } from './tracked-lease.js';

export interface VisibilityExtenderParts {
  readonly queue: MessageReceiver;
  readonly clock: Clock;
  readonly report: RequestFollowerParts['report'];
  /** Seconds for which each renewal hides a message. */
  readonly visibilityTimeoutSeconds: number;
  readonly random?: () => number;
}

/** Share of the lease after which to renew. The jitter spreads the renewals of one receive. */
const RENEW_AT = 0.5;
const JITTER = 0.1;
/** Share of the lease within which due renewals share a request. */
const GATHER = 0.1;
/** Share of the lease that must be left for a handler to start before the queue has extended the lease. */
const SAFE_TO_START = 0.25;
/** Safety margin in ms: the queue counts from its own receive, and refuses a lease beyond its limit. */
const MARGIN_MS = 5_000;
/** Longest lease in seconds that a handler may ask for where a carrier has no leases (SQS: 12 hours). */
const LONGEST_LEASE = 43_200;

/**
 * Keeps the messages in hand hidden from other receivers. One timer serves all leases and renews
 * them in batches at half of the lease, counted from the start of the receive. It never renews past
 * the longest lease of the queue. On a carrier without leases it only tracks the messages.
 *
 * A lease counts as lost when its time is over, whether a renewal is in progress or not. The queue
 * may have given the message to another receiver by then.
 */
export class VisibilityExtender implements LeaseKeeper {
  private readonly tracked = new LinkedItems<TrackedLease>();
  private readonly timer: RenewalTimer;
  private readonly requests: RequestFollower;

  constructor(private readonly parts: VisibilityExtenderParts) {
    // A handler may have set the timer, and the renewals are those of all messages.
    this.requests = new RequestFollower(parts);
    this.timer = new RenewalTimer(parts, () => inRootContext(() => this.beat()));
  }

  /**
   * Starts to renew the lease of a message that was just read.
   *
   * @param since start of the receive, in ms of the clock. The queue cannot have handed out the
   *   message earlier, but may have done so long before its answer was read.
   */
  track(message: ReceivedMessage, since: number): Lease {
    const { queue, clock, visibilityTimeoutSeconds: seconds } = this.parts;
    // Without leases nothing falls due and nothing expires.
    const ms = queue.features.leases ? seconds * 1000 : Infinity;
    const lease = new TrackedLease(message, since, this);
    lease.dueAt = this.nextDue(since, ms);
    lease.expiresAt = since + ms;
    if (lease.expiresAt - clock.now() < ms * SAFE_TO_START) {
      lease.doubt();
      // The renewal that is due now decides.
      lease.expiresAt = clock.now() + ms;
    }
    this.tracked.add(lease);
    this.timer.arm(lease.dueAt);
    return lease;
  }

  /** Ends the renewal of a lease; see {@link Lease.stop}. */
  async stop(lease: TrackedLease): Promise<void> {
    const isTracked = this.untrack(lease);
    // A renewal in progress may still prolong the lease.
    await lease.renewing;
    if (isTracked) this.check(lease);
  }

  /** Ends the renewal of a lease at once; see {@link Lease.end}. */
  end(lease: TrackedLease): void {
    this.timer.reportDelay();
    lease.ended = true;
    if (this.tracked.has(lease)) this.check(lease);
  }

  /** Ends the watch of a lease; see {@link Lease.finish}. */
  finish(lease: TrackedLease): void {
    if (this.untrack(lease)) this.check(lease);
  }

  /** Loses a lease whose time is over. */
  private check(lease: TrackedLease): void {
    if (this.parts.clock.now() >= lease.expiresAt) this.lose(lease);
  }

  private untrack(lease: TrackedLease): boolean {
    // After a blocked event loop, this call may run before the timer.
    this.timer.reportDelay();
    const isTracked = this.tracked.delete(lease);
    if (this.tracked.size === 0) this.timer.disarm();
    return isTracked;
  }

  /** Counts the messages in hand. */
  get size(): number {
    return this.tracked.size;
  }

  private nextDue(from: number, ms: number): number {
    const random = this.parts.random ?? Math.random;
    return from + ms * (RENEW_AT + (random() * 2 - 1) * JITTER);
  }

  private beat(): void {
    const { clock, queue, visibilityTimeoutSeconds } = this.parts;
    for (const lease of this.tracked) this.check(lease);
    const horizon = clock.now() + visibilityTimeoutSeconds * 1000 * GATHER;
    const due = [...this.tracked].filter((lease) => lease.mayRenew && lease.dueAt <= horizon);
    const size = queue.limits.batchEntries;
    for (let i = 0; i < due.length; i += size) this.renew(due.slice(i, i + size));
    let next = Infinity;
    for (const lease of this.tracked) next = Math.min(next, lease.mayRenew ? lease.dueAt : lease.expiresAt);
    if (next < Infinity) this.timer.arm(next);
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
    const askedAt = this.parts.clock.now();
    for (const { lease, entry } of entries) lease.shorten(askedAt + entry.seconds * 1000);
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
      if (this.tracked.has(lease)) this.timer.arm(lease.mayRenew ? lease.dueAt : lease.expiresAt);
    });
    lease.renewing = done;
  }

  private async extendAll(extensions: readonly LeaseExtension[]): Promise<readonly (EntryResult | undefined)[]> {
    const { queue } = this.parts;
    const request = { verb: 'extend', queue, entries: extensions.length } as const;
    try {
      return checkResults(await this.requests.run(request, () => queue.extend(extensions)), queue.name);
    } catch (error) {
      const failure = QueueError.from(error, queue.name);
      return extensions.map(() => ({ ok: false, error: failure }));
    }
  }

  private renewed(lease: TrackedLease, askedAt: number, seconds: number, outcome: EntryResult | undefined): void {
    if (outcome?.ok) return this.prolong(lease, askedAt, seconds);
    // The queue refuses to renew a message that was removed meanwhile.
    if (lease.ended || lease.lost) return;
    if (outcome?.error.kind === 'lease-lost') return this.lose(lease);
    const { queue, report, visibilityTimeoutSeconds } = this.parts;
    report({ type: 'renew-failed', queue: queue.name, messageId: lease.message.id, error: outcome?.error });
    if (lease.confirmed) lease.shorten(lease.since + visibilityTimeoutSeconds * 1000);
    lease.dueAt = this.nextAttempt(lease);
  }

  /** Returns the time of the next renewal after a failure. Four more attempts fit before the lease ends. */
  private nextAttempt({ expiresAt }: TrackedLease): number {
    const { clock, visibilityTimeoutSeconds } = this.parts;
    return Math.min(clock.now() + visibilityTimeoutSeconds * 1000 * GATHER, expiresAt);
  }

  private prolong(lease: TrackedLease, askedAt: number, seconds: number): void {
    lease.dueAt = this.nextDue(askedAt, seconds * 1000);
    lease.expiresAt = askedAt + seconds * 1000;
    // A slow answer may come when the new lease is over.
    if (this.parts.clock.now() < lease.expiresAt) lease.trust();
  }

  /** Changes a lease for a handler; see {@link Lease.extend}. */
  async extend(lease: TrackedLease, seconds: number): Promise<void> {
    const { features, limits } = this.parts.queue;
    numberOption('seconds', seconds, 0, 1, features.leases ? limits.leaseSeconds : LONGEST_LEASE);
    // An aborted handler may still run after its message was settled.
    if (!this.tracked.has(lease) || lease.ended) throw this.ended(lease);
    if (!features.leases) return;
    const done = (lease.renewing ?? Promise.resolve()).then(() => this.extendLonger(lease, seconds));
    this.occupy(
      lease,
      done.catch(() => undefined),
    );
    await done;
  }

  private async extendLonger(lease: TrackedLease, wanted: number): Promise<void> {
    if (lease.ended) throw this.ended(lease);
    const askedAt = this.parts.clock.now();
    const seconds = Math.min(wanted, this.secondsLeft(lease));
    lease.shorten(askedAt + seconds * 1000);
    if (this.tracked.has(lease)) this.timer.arm(lease.expiresAt);
    const [outcome] = await this.extendAll([{ message: lease.message, seconds }]);
    if (outcome?.ok) return this.prolong(lease, askedAt, seconds);
    if (outcome?.error.kind === 'lease-lost' && !lease.ended) this.lose(lease);
    lease.dueAt = Math.min(lease.dueAt, this.nextAttempt(lease));
    throw (
      outcome?.error ?? QueueError.from(new Error('the answer has no entry for this message'), this.parts.queue.name)
    );
  }

  private ended({ message }: TrackedLease): QueueError {
    return new QueueError(`message ${message.id} is no longer being handled here; it cannot be extended`, {
      code: 'LeaseEnded',
      kind: 'lease-lost',
      queue: this.parts.queue.name,
    });
  }

  /** Returns the whole seconds until the longest lease of the queue ends. */
  private secondsLeft({ since }: TrackedLease): number {
    const endsAt = since + this.parts.queue.limits.leaseSeconds * 1000 - MARGIN_MS;
    return Math.floor((endsAt - this.parts.clock.now()) / 1000);
  }

  private lose(lease: TrackedLease): void {
    if (lease.lost) return;
    lease.lost = true;
    this.tracked.delete(lease);
    if (this.tracked.size === 0) this.timer.disarm();
    const { id } = lease.message;
    this.parts.report({ type: 'lease-lost', queue: this.parts.queue.name, messageId: id });
    lease.abort(new LeaseLostError(id));
  }
}
