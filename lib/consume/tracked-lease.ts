import { sharedController } from '../queue/shared-signal.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Lease } from './delivery.js';

/** Changes leases and ends their renewal. */
export interface LeaseKeeper {
  /** Performs {@link Lease.extend}. */
  extend(lease: TrackedLease, seconds: number): Promise<void>;
  /** Performs {@link Lease.stop}. */
  stop(lease: TrackedLease): Promise<void>;
}

/** A lease that an extender renews. */
export class TrackedLease implements Lease {
  lost = false;
  dueAt = Infinity;
  /** Clock time in ms at which the queue may give the message to another receiver. */
  expiresAt = Infinity;
  /** Change of the lease in progress. */
  renewing: Promise<void> | undefined;
  private readonly controller = sharedController();

  constructor(
    readonly message: ReceivedMessage,
    private readonly extender: LeaseKeeper,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  extend(seconds: number): Promise<void> {
    return this.extender.extend(this, seconds);
  }

  abort(reason: Error): void {
    this.controller.abort(reason);
  }

  stop(): Promise<void> {
    return this.extender.stop(this);
  }
}
