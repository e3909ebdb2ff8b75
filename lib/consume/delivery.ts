import { ThriftTransportError } from '../common/transport-error.js';
import { brand } from '../common/brand.js';
import type { LinkedItem } from '../common/linked-items.js';
import type { OnewayCall } from '../event/contract.js';
import type { AbortSource } from '../queue/abort-source.js';
import type { Clock } from '../queue/clock.js';
import type { MessageReceiver } from '../queue/queue.js';
import type { ReceivedMessage } from '../queue/wire-message.js';
import type { Attempt } from './retry-policy.js';

/**
 * Reason of the abort of a lease's signal after the lease is lost.
 *
 * @publicApi
 */
export class LeaseLostError extends ThriftTransportError {
  static {
    brand(this, 'LeaseLostError');
  }

  override readonly name = 'LeaseLostError';
  readonly code = 'lease-lost';

  constructor(messageId: string) {
    super(`the lease of message ${messageId} is lost; the queue may have given the message to another receiver`);
  }
}

/**
 * Reason of the abort of a handler's signal after the drain timeout.
 *
 * @publicApi
 */
export class WorkerStoppedError extends ThriftTransportError {
  static {
    brand(this, 'WorkerStoppedError');
  }

  override readonly name = 'WorkerStoppedError';
  readonly code = 'worker-stopped';

  constructor() {
    super('the worker stops, and its drainTimeoutMs is over');
  }
}

/**
 * Reason of the abort of a handler's signal shortly before the invocation of a function ends.
 *
 * @publicApi
 */
export class InvocationEndedError extends ThriftTransportError {
  static {
    brand(this, 'InvocationEndedError');
  }

  override readonly name = 'InvocationEndedError';
  readonly code = 'invocation-ended';

  constructor() {
    super('the time of the invocation is nearly over, so the message goes back to its queue');
  }
}

/**
 * The right to handle one delivery, from its receive to its settlement.
 *
 * @publicApi
 */
export interface Lease {
  readonly message: ReceivedMessage;
  /** Aborts when the lease is lost or the worker gives up the handler. */
  readonly signal: AbortSignal;
  /**
   * The abort of `signal`, without its cost.
   *
   * @internal
   */
  readonly aborts: AbortSource;
  /** True once another receiver may hold the message. */
  readonly lost: boolean;
  /**
   * Clock time in ms from which the lease counts: the earliest time at which the queue can have
   * handed out the message. A late answer or a paused process does not change it.
   */
  readonly since: number;
  /**
   * Set while the lease may be over because the answer to the receive was late. Resolves once the
   * queue has extended the lease, or the lease is lost, or the signal has aborted. The handler must
   * not start before.
   */
  readonly confirmed: Promise<void> | undefined;
  /**
   * Hides the message for `seconds` from now and keeps renewing from there.
   *
   * @throws RangeError not a whole number of seconds from 1 to the queue's limit
   * @throws QueueError the queue refused, or the message is settled or lost already (`lease-lost`)
   */
  extend(seconds: number): Promise<void>;
  /** Aborts the signal. */
  abort(reason: Error): void;
  /**
   * Ends renewal. Resolves when no renewal of this message is in progress, so that a late renewal
   * cannot undo the settlement. Loses the lease if its time is over.
   */
  stop(): Promise<void>;
  /**
   * Ends renewal at once, before the message is removed: a late renewal cannot undo a removal.
   * Loses the lease if its time is over now, or is over before `finish`: the queue may give the
   * message to another receiver before it removes it.
   */
  end(): void;
  /** Ends the lease after the queue has answered whether it removed the message. */
  finish(): void;
}

/**
 * One delivery of a message on its way through the pipeline.
 *
 * @publicApi
 */
export interface Delivery {
  readonly message: ReceivedMessage;
  readonly lease: Lease;
  /** Aborts when the lease is lost, the worker stops waiting, or the deadline of the call is over. */
  readonly signal: AbortSignal;
  /**
   * The abort of `signal`, without its cost.
   *
   * @internal
   */
  readonly aborts: AbortSource;
  /** The calls of the body. Empty until its first call may start. */
  readonly calls: OnewayCall[];
  /**
   * True once another message may use the slot of this one.
   *
   * @internal
   */
  hasLentSlot: boolean;
  /**
   * True if the body holds calls that could not be read.
   *
   * @internal
   */
  hasUnreadable: boolean;
  /**
   * Clock time in ms at which the handlers ended.
   *
   * @internal
   */
  endedAt: number | undefined;
  /** True once the message has left the queue. The settler sets it. */
  gone: boolean;
  /** Clock time in ms at which a failed message is visible again. The settler sets it. */
  visibleAt: number | undefined;
}

/** A delivery that its worker keeps in a list until it is settled. */
export interface DeliveryInHand extends Delivery, LinkedItem<DeliveryInHand> {}

/** Counts the calls of a body for event ids. The calls that were not read count as one. */
export function callCount(delivery: Delivery): number {
  return delivery.hasUnreadable ? delivery.calls.length + 1 : delivery.calls.length;
}

/** Creates a delivery that has not been handled yet. */
export function createDelivery(message: ReceivedMessage, lease: Lease): DeliveryInHand {
  return new OneDelivery(message, lease, lease.aborts);
}

/** Returns the same delivery with an abort of its own, for one of its calls. */
export function withAborts(delivery: Delivery, aborts: AbortSource): Delivery {
  const { message, lease, calls, hasUnreadable } = delivery;
  return new OneDelivery(message, lease, aborts, calls, hasUnreadable);
}

class OneDelivery implements DeliveryInHand {
  before: DeliveryInHand | undefined;
  after: DeliveryInHand | undefined;
  endedAt: number | undefined;
  hasLentSlot = false;
  gone = false;
  visibleAt: number | undefined;

  constructor(
    readonly message: ReceivedMessage,
    readonly lease: Lease,
    readonly aborts: AbortSource,
    readonly calls: OnewayCall[] = [],
    public hasUnreadable = false,
  ) {}

  get signal(): AbortSignal {
    return this.aborts.signal;
  }
}

/** Returns the facts from which the retry policy computes a delay. */
export function attemptOf({ message, lease }: Delivery, { features, limits }: MessageReceiver, clock: Clock): Attempt {
  return {
    receiveCount: message.receiveCount,
    elapsedMs: clock.now() - lease.since,
    leaseSeconds: features.leases ? limits.leaseSeconds : Infinity,
  };
}

/**
 * Runs the call at position `at` of the body. Resolves if the call is handled, and rejects if it is
 * not.
 */
export type CallHandler = (call: OnewayCall, delivery: Delivery, at: number) => Promise<void>;

/** Runs the handlers of calls, at the end of the pipeline. */
export interface CallDispatcher {
  /** Runs all handlers of a call. Resolves if all of them succeeded. */
  dispatch(call: OnewayCall, delivery: Delivery): Promise<void>;
}

/**
 * Maps the error of a handler to a decision about its message. `undefined` leaves the decision to
 * the retry policy. If several handlers failed, the classifier sees each of their errors. It never
 * sees a stop of the worker, an event in progress elsewhere, a failure of the idempotency store or
 * the carrier, or a malformed body.
 *
 * @publicApi
 */
export type ErrorClassifier = (error: unknown) => HandlerDecision | undefined;

/**
 * Decision of a handler or a classifier about a message.
 *
 * @publicApi
 */
export type HandlerDecision =
  | { readonly type: 'retry'; readonly delaySeconds?: number | undefined }
  | { readonly type: 'reject'; readonly detail: string };
