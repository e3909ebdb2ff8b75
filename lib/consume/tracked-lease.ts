import type { LinkedItem } from '../common/linked-items.js';
import { AbortSource } from '../queue/abort-source.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Lease } from './delivery.js';

/** Changes leases and ends their renewal. */
export interface LeaseKeeper {
  /** Performs {@link Lease.extend}. */
  extend(lease: TrackedLease, seconds: number): Promise<void>;
  /** Performs {@link Lease.stop}. */
  stop(lease: TrackedLease): Promise<void>;
  /** Performs {@link Lease.end}. */
  end(lease: TrackedLease): void;
  /** Performs {@link Lease.finish}. */
  finish(lease: TrackedLease): void;
}

/** A lease that an extender renews. */
export class TrackedLease implements Lease, LinkedItem<TrackedLease> {
  before: TrackedLease | undefined;
  after: TrackedLease | undefined;
  lost = false;
  dueAt = Infinity;
  /** Clock time in ms at which the queue may give the message to another receiver. */
  expiresAt = Infinity;
  /** Change of the lease in progress. */
  renewing: Promise<void> | undefined;
  /** True once the message is being removed. It is not renewed, and an answer to a renewal says nothing any more. */
  ended = false;
  confirmed: Promise<void> | undefined;
  private resolveDoubt: (() => void) | undefined;
  readonly aborts = new AbortSource();

  constructor(
    readonly message: ReceivedMessage,
    readonly since: number,
    private readonly extender: LeaseKeeper,
  ) {}

  get signal(): AbortSignal {
    return this.aborts.signal;
  }

  /** True if a renewal may start. */
  get mayRenew(): boolean {
    return this.renewing === undefined && !this.ended;
  }

  extend(seconds: number): Promise<void> {
    return this.extender.extend(this, seconds);
  }

  abort(reason: Error): void {
    this.trust();
    this.aborts.abort(reason);
  }

  stop(): Promise<void> {
    return this.extender.stop(this);
  }

  end(): void {
    this.extender.end(this);
  }

  finish(): void {
    this.extender.finish(this);
  }

  /**
   * Notes that the lease may end at `time`. The queue counts a change from its request, so a change
   * that shortens the lease may apply long before its answer.
   */
  shorten(time: number): void {
    this.expiresAt = Math.min(this.expiresAt, time);
  }

  /** Lets the handler wait until `trust`. */
  doubt(): void {
    this.confirmed = new Promise((resolve) => (this.resolveDoubt = resolve));
  }

  /** Lets the handler start. */
  trust(): void {
    this.resolveDoubt?.();
    this.resolveDoubt = undefined;
    this.confirmed = undefined;
  }
}
